/** @file A network as a layers model of TensorFlow.js: model.json and one file with the weights. Browser-safe. */
import type { InferenceNetwork } from "../../nn/inference-network.ts";
import { referenceOf, type KerasLayerOut, type KerasNetwork } from "../keras/keras-builder.ts";
import { toKeras, type KerasAnswer } from "../keras/to-keras.ts";

/** The files of a model by name. */
export type TfjsFiles = ReadonlyMap<string, Uint8Array>;

/** The name of the file that names the others. */
export const TFJS_MODEL = "model.json";
const WEIGHTS = "weights.bin";

export interface TfjsOptions {
  /** The answer that is made of the network's output. Default: the output as it is. */
  readonly answer?: KerasAnswer;
  /** Kept in the file under `userDefinedMetadata`, plain JSON. */
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/**
 * Writes a network so that `tf.loadLayersModel` loads it.
 * @throws AuricleError "unsupported" naming all layers that TensorFlow.js has nothing for
 */
export function writeTfjs(network: InferenceNetwork, { answer, metadata }: TfjsOptions = {}): TfjsFiles {
  const written = toKeras(network, "tfjs", answer);
  const all = weightsOf(written);
  const model = {
    format: "layers-model",
    generatedBy: "auricle",
    convertedBy: null,
    modelTopology: topologyOf(written),
    weightsManifest: [
      {
        paths: [WEIGHTS],
        weights: all.map(({ name, array: { shape } }) => ({ name, shape, dtype: "float32" })),
      },
    ],
    ...(metadata && { userDefinedMetadata: metadata }),
  };
  return new Map([
    [TFJS_MODEL, new TextEncoder().encode(JSON.stringify(model))],
    [WEIGHTS, numbersOf(all.map(({ array }) => array.data))],
  ]);
}

/** TensorFlow.js wants the weights that gradients train first, and running statistics behind them. */
function weightsOf({ layers }: KerasNetwork) {
  const named = (part: (layer: KerasLayerOut) => KerasLayerOut["weights"]) =>
    layers.flatMap((layer) =>
      part(layer).map(({ name, array }) => ({ name: `${layer.name}/${name}`, array })),
    );
  return [
    ...named(({ weights, trainable }) => weights.slice(0, trainable)),
    ...named(({ weights, trainable }) => weights.slice(trainable)),
  ];
}

function numbersOf(arrays: readonly Float32Array[]): Uint8Array {
  const bytes = new Uint8Array(4 * arrays.reduce((sum, { length }) => sum + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const array of arrays) {
    for (const value of array) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return bytes;
}

function topologyOf(network: KerasNetwork) {
  const { name, inputs, layers, outputs } = network;
  const reference = referenceOf(network);
  const entrances = inputs.map(({ name: own, shape }) => ({
    class_name: "InputLayer",
    name: own,
    config: { batch_input_shape: [null, ...shape], dtype: "float32", sparse: false, name: own },
    inbound_nodes: [],
  }));
  const inner = layers.map((layer) => ({
    class_name: layer.className,
    name: layer.name,
    config: { trainable: true, ...layer.config, name: layer.name, dtype: "float32" },
    inbound_nodes: layer.calls.map((call) => call.map((value) => [...reference(value), {}])),
  }));
  return {
    keras_version: "tfjs-layers 4.22.0",
    backend: "tensor_flow.js",
    model_config: {
      class_name: "Model",
      config: {
        name,
        layers: [...entrances, ...inner],
        input_layers: inputs.map((_, input) => reference({ input })),
        output_layers: outputs.map(reference),
      },
    },
  };
}
