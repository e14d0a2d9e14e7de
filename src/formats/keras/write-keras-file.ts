/** @file A network as a `.keras` file: a zip archive with the layers as JSON and the weights as HDF5. Browser-safe. */
import type { InferenceNetwork } from "../../nn/inference-network.ts";
import { writeHdf5, type Hdf5Tree } from "../hdf5/write-hdf5.ts";
import { writeZip } from "../zip/write-zip.ts";
import { groupNameOf } from "./h5-weights.ts";
import { referenceOf, type KerasLayerOut, type KerasNetwork } from "./keras-builder.ts";
import { layersInKerasOrder } from "./keras-order.ts";
import { CONFIG_ENTRY, METADATA_ENTRY, OWN_ENTRY, WEIGHTS_ENTRY } from "./read-keras.ts";
import { toKeras, type KerasAnswer } from "./to-keras.ts";

export interface KerasFileOptions {
  /** The answer that is made of the network's output. Default: the output as it is. */
  readonly answer?: KerasAnswer;
  /** Kept in a file of its own within the archive, plain JSON, which Keras does not read. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** The version whose format is written. */
const KERAS_VERSION = "3.15.1";

/**
 * Writes a network so that `keras.saving.load_model` of Keras 3 loads it, a Functional model.
 * @throws AuricleError "unsupported" naming all layers that Keras has nothing for
 */
export function writeKerasFile(
  network: InferenceNetwork,
  { answer, metadata }: KerasFileOptions = {},
): Uint8Array<ArrayBuffer> {
  const written = toKeras(network, "keras", answer);
  const layers = layersInKerasOrder(written);
  const json = (value: object) => new TextEncoder().encode(JSON.stringify(value));
  return writeZip([
    [METADATA_ENTRY, json({ keras_version: KERAS_VERSION })],
    [CONFIG_ENTRY, json(configOf(written, layers))],
    [WEIGHTS_ENTRY, writeHdf5(weightsOf(layers))],
    ...(metadata ? [[OWN_ENTRY, json(metadata)] as const] : []),
  ]);
}

function configOf(network: KerasNetwork, layers: readonly KerasLayerOut[]): object {
  const { name, inputs, outputs } = network;
  const reference = referenceOf(network);
  const serialized = (className: string, config: object, own: string, nodes: readonly object[]) => ({
    module: "keras.layers",
    class_name: className,
    config: { name: own, ...config },
    registered_name: null,
    name: own,
    inbound_nodes: nodes,
  });
  return {
    // Keras' own name of the place of the class, which no public module has.
    module: "keras.src.models.functional",
    class_name: "Functional",
    config: {
      name,
      trainable: true,
      layers: [
        ...inputs.map((one) =>
          serialized("InputLayer", { batch_shape: [null, ...one.shape], dtype: "float32" }, one.name, []),
        ),
        ...layers.map(({ className, config, name: own, calls }) =>
          serialized(
            className,
            { trainable: true, dtype: "float32", ...config },
            own,
            calls.map((call) => call.map((value) => [...reference(value), {}])),
          ),
        ),
      ],
      input_layers: oneOrAll(inputs.map((_, input) => reference({ input }))),
      output_layers: oneOrAll(outputs.map(reference)),
    },
    registered_name: "Functional",
    compile_config: null,
  };
}

/** A model with one input takes an array, not a list of one. */
function oneOrAll<T>(values: readonly T[]): T | readonly T[] {
  return values.length === 1 ? values[0] : values;
}

/** Each layer's weights in a group that is named by its class and its number, as Keras looks for them. */
function weightsOf(layers: readonly KerasLayerOut[]): Hdf5Tree {
  const counts = new Map<string, number>();
  const groups = layers.flatMap(({ className, weights }): [string, Hdf5Tree][] => {
    const base = groupNameOf(className);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    if (weights.length === 0) return [];
    const variables = new Map(weights.map(({ array }, i) => [String(i), array]));
    return [[count === 0 ? base : `${base}_${count}`, new Map([["vars", variables]])]];
  });
  return new Map([["layers", new Map(groups)]]);
}
