/** @file Reads models that Keras saved: `.keras` (Keras 3) and `.h5` (Keras 2, and 3 when asked). Browser-safe. */
import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";
import { openHdf5 } from "../hdf5/hdf5-file.ts";
import { openZip } from "../zip/read-zip.ts";
import { isObject, own } from "../json/values.ts";
import { readModelConfig } from "./graph.ts";
import { keras2Weights, keras3Weights } from "./h5-weights.ts";
import { assembleNetwork, type ImportedNetwork } from "./imported.ts";
import { parseJson } from "../json/parse-json.ts";
import { planNetwork, type PlanOptions } from "./plan.ts";

/** A model that Keras saved, and the version that did. */
export interface KerasFile extends ImportedNetwork {
  readonly version: string;
  /** The description that `auricle export` put beside the model; undefined where another program wrote the file. */
  readonly ownMetadata?: unknown;
}

/** The files within a `.keras` file. */
export const CONFIG_ENTRY = "config.json";
export const METADATA_ENTRY = "metadata.json";
/** The description of a model that `auricle export` wrote. */
export const OWN_ENTRY = "auricle.json";
export const WEIGHTS_ENTRY = "model.weights.h5";

/**
 * Reads a `.keras` file: a zip archive with the layers as JSON and the weights as HDF5.
 * @param file its name, for messages
 * @throws AuricleError "unsupported" naming all layers that Auricle has nothing for, before any weight is read; "file" naming the
 *   fault, for content that is no whole model
 */
export function readKeras(bytes: Uint8Array, file: string, options: PlanOptions = {}): KerasFile {
  const zip = openZip(bytes, file);
  for (const needed of [CONFIG_ENTRY, WEIGHTS_ENTRY]) {
    if (zip.paths.includes(needed)) continue;
    throw new AuricleError(
      "file",
      `${file}: a model of Keras must have ${needed} in it; got ${shownValue(zip.paths)}`,
    );
  }
  const jsonIn = (entry: string) => parseJson(zip.read(entry), `${file}: ${entry}`);
  const model = readModelConfig(jsonIn(CONFIG_ENTRY), file);
  const planned = planNetwork(model, { isKeras3: true }, file, options);
  const root = openHdf5(zip.read(WEIGHTS_ENTRY), `${file}: ${WEIGHTS_ENTRY}`);
  return {
    ...assembleNetwork(planned, keras3Weights(root, model), file),
    version: zip.paths.includes(METADATA_ENTRY) ? versionIn(jsonIn(METADATA_ENTRY)) : "3",
    ...(zip.paths.includes(OWN_ENTRY) && { ownMetadata: jsonIn(OWN_ENTRY) }),
  };
}

/**
 * Reads a whole model from an HDF5 file, `model.save("model.h5")`.
 * @throws AuricleError as {@link readKeras}, also for a file of weights alone
 */
export function readKerasH5(bytes: Uint8Array, file: string, options: PlanOptions = {}): KerasFile {
  const root = openHdf5(bytes, file);
  const config = root.attribute("model_config");
  if (typeof config !== "string") {
    throw new AuricleError(
      "file",
      `${file}: holds weights without the layers that they belong to: name the network by --model, or save the whole model in Keras: model.save("model.keras")`,
    );
  }
  const found = root.attribute("keras_version");
  const version = typeof found === "string" ? found : "2";
  const model = readModelConfig(parseJson(new TextEncoder().encode(config), `${file}: model_config`), file);
  const planned = planNetwork(model, { isKeras3: /^[3-9]\./.test(version) }, file, options);
  const weights = root.group("model_weights");
  if (!weights) throw new AuricleError("file", `${file}: must have its weights in model_weights; has none`);
  return { ...assembleNetwork(planned, keras2Weights(weights, file), file), version };
}

function versionIn(metadata: unknown): string {
  const version = isObject(metadata) ? own(metadata, "keras_version") : undefined;
  return typeof version === "string" ? version : "3";
}
