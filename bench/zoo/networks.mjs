/** @file The zoo: every model of the library, the table of architectures, and networks that others have published, by name. */
import { frontEnd } from "../../dist/audio/index.js";
import { AUDIO_MODELS, OTHER_MODELS } from "../../dist/models/index.js";
import * as layers from "../../dist/nn/layers/index.js";
import { graphNetwork } from "../../dist/nn/network-builders.js";
import { input as symbolicInput } from "../../dist/nn/symbolic.js";
import { networkOf, TABLES } from "../workloads.mjs";
import { PUBLISHED } from "./published.mjs";

/** @import { Network } from "../../dist/nn/network.js" */
/** @import { Layer } from "../workloads.mjs" */

/** @typedef {{ batch: number, build: () => Network }} ZooNetwork */

const SEED = 1;
const AUDIO_BATCH = 16;
/** Where a step would take seconds with the batch of the others. */
const AUDIO_BATCHES = { "short-chunk": 4, "short-chunk-32": 8, "sample-cnn": 8 };
/** Models on images are made for images of any size. */
const IMAGES = {
  lenet5: { batch: 64 },
  "lenet5-1998": { batch: 64 },
  "fashion-cnn": { batch: 64 },
  "small-resnet": { batch: 32, inputShape: [32, 32, 3] },
  "small-mobilenet": { batch: 32, inputShape: [96, 96, 3] },
  vgg4: { batch: 32, inputShape: [128, 128, 1] },
  wave1d: { batch: 32 },
};

/** @returns {[string, ZooNetwork][]} */
function libraryNetworks() {
  const others = Object.entries(OTHER_MODELS).map(([name, { build, inputShape: own }]) => {
    const { batch, inputShape = own } = IMAGES[name] ?? { batch: 32 };
    return [name, { batch, build: () => build({ seed: SEED, ...(inputShape ? { inputShape } : {}) }) }];
  });
  const audio = Object.entries(AUDIO_MODELS).map(([name, { build, frontEnd: options, windowSeconds }]) => {
    const front = frontEnd(options);
    const inputShape = front.outputShape(Math.round(windowSeconds * front.sampleRate));
    const batch = AUDIO_BATCHES[name] ?? AUDIO_BATCH;
    return [
      name,
      { batch, build: () => build({ inputShape, classes: 10, normalization: "none", seed: SEED }) },
    ];
  });
  return [...others, ...audio];
}

/**
 * Strided windows with the same padding on both sides: PyTorch has no other, and padding "same" may differ by one.
 * @param {readonly Layer[]} given
 * @returns {Layer[]}
 */
function evenlyPadded(given) {
  return given.map((layer) => {
    if (layer.layers) {
      return { ...layer, layers: evenlyPadded(layer.layers), shortcut: evenlyPadded(layer.shortcut ?? []) };
    }
    const { padding, strides, kernelSize, poolSize } = /** @type {any} */ (layer);
    if (padding !== "same" || !strides?.some((stride) => stride > 1)) return layer;
    return { ...layer, padding: (kernelSize ?? poolSize).map((length) => (length - 1) >> 1) };
  });
}

/** @returns {[string, ZooNetwork][]} */
function tableNetworks() {
  return Object.entries(TABLES.architectures).map(([name, workload]) => {
    const even = { ...workload, layers: evenlyPadded(workload.layers) };
    return [
      name,
      { batch: workload.batch, build: () => networkOf(even, { input: symbolicInput, layers, graphNetwork }) },
    ];
  });
}

/** @returns {[string, ZooNetwork][]} */
function publishedNetworks() {
  return Object.entries(PUBLISHED).map(([name, { batch, input, build }]) => {
    const network = () => {
      const inputs = symbolicInput({ shape: input });
      return graphNetwork({ inputs, outputs: build(inputs) }, { name, seed: SEED });
    };
    return [name, { batch, build: network }];
  });
}

/** @type {Readonly<Record<string, ZooNetwork>>} */
export const ZOO = Object.fromEntries([...tableNetworks(), ...publishedNetworks(), ...libraryNetworks()]);
