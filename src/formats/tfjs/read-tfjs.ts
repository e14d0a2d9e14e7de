/**
 * @file Reads models that TensorFlow.js saved: model.json, with the layers and a list of weights, and the files with the numbers
 * (tf.io's "layers-model"). Browser-safe.
 */
import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";
import { isList, isObject, own, type JsonObject } from "../json/values.ts";
import { readModelConfig } from "../keras/graph.ts";
import { assembleNetwork, type ImportedNetwork } from "../keras/imported.ts";
import { planNetwork, type PlanOptions } from "../keras/plan.ts";
import { nameFinder } from "../keras/weight-names.ts";
import { readWeights, type ReadBeside, type WeightList } from "./weights.ts";

export interface TfjsModel extends ImportedNetwork {
  /** The model's own additions to its file: `userDefinedMetadata`. */
  readonly userMetadata: JsonObject;
}

/**
 * Returns whether a parsed model.json is a model of TensorFlow.js, of either kind.
 */
export function isTfjsModel(value: unknown): value is JsonObject {
  return isObject(value) && own(value, "modelTopology") !== undefined;
}

/**
 * Reads a model.
 * @param json the parsed model.json
 * @param file its name, for messages
 * @throws AuricleError "unsupported" for a graph model, and naming all layers that Auricle has nothing for, before any weight is read;
 *   "file" naming the fault, for content that is no whole model
 */
export async function readTfjs(
  json: unknown,
  file: string,
  readBeside: ReadBeside,
  options: PlanOptions = {},
): Promise<TfjsModel> {
  if (!isTfjsModel(json)) {
    throw new AuricleError(
      "file",
      `${file}: must be a model of TensorFlow.js, with modelTopology; it has none`,
    );
  }
  const topology = own(json, "modelTopology");
  refuseGraph(json, topology, file);
  if (!isObject(topology)) {
    throw new AuricleError("file", `${file}: modelTopology must be an object; got ${shownValue(topology)}`);
  }
  const config = isObject(own(topology, "model_config")) ? own(topology, "model_config") : topology;
  const version = own(topology, "keras_version");
  const keras = { isKeras3: typeof version === "string" && /^[3-9]\./.test(version) };
  const planned = planNetwork(readModelConfig(config, file), keras, file, options);
  const lists = readManifest(own(json, "weightsManifest"), file);
  const weights = await readWeights(lists, file, readBeside);
  const find = nameFinder(weights.keys(), file);
  const network = assembleNetwork(planned, (layer, weight) => weights.get(find(layer, weight) ?? ""), file);
  const user = own(json, "userDefinedMetadata");
  return { ...network, userMetadata: isObject(user) ? user : {} };
}

function refuseGraph(json: JsonObject, topology: unknown, file: string): void {
  const isGraph =
    own(json, "format") === "graph-model" || (isObject(topology) && isList(own(topology, "node")));
  if (!isGraph) return;
  throw new AuricleError(
    "unsupported",
    `${file}: a graph model of TensorFlow.js has operations in place of layers; take the original as ONNX, Keras or PyTorch ` +
      "and import that, or save a layers model (model.save)",
  );
}

function readManifest(value: unknown, file: string): WeightList[] {
  if (!isList(value)) {
    throw new AuricleError("file", `${file}: weightsManifest must be a list; got ${shownValue(value)}`);
  }
  return value.map((group, i) => {
    const paths = isObject(group) ? own(group, "paths") : undefined;
    const weights = isObject(group) ? own(group, "weights") : undefined;
    if (!isList(paths) || !paths.every((path) => typeof path === "string") || !isList(weights)) {
      throw new AuricleError(
        "file",
        `${file}: weightsManifest[${i}] must have paths and weights; got ${shownValue(group)}`,
      );
    }
    return { paths, weights };
  });
}
