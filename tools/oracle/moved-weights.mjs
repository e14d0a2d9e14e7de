/** @file The weights with which built-in models are compared with other libraries: neither initial, nor such that answers are certain. */
import { Model } from "../../dist/index.js";
import { deriveKey, Generator } from "../../dist/random/generator.js";

/** The difference of outputs that is aimed at. Probabilities are all 0 or 1 where it is large, and any two of those agree. */
const SPREAD = 3;

/**
 * Moves all weights away from their initial values, with which normalisations do nothing and all classes are equally likely, and scales
 * those of the last layer that has any so that the outputs for one row of `input` `[N, …]` differ by 4.5 at most.
 *
 * @param {import("../../dist/nn/index.js").Network} network
 * @param {import("../../dist/tensor/array.js").FloatArray} input
 */
export async function moveWeights(network, input) {
  const weights = [...network.getWeights()].map(([path, { shape, data }]) => {
    const random = new Generator(deriveKey("moved", path));
    const isConstant = data.every((value) => value === data[0]);
    const deviation = Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
    const factor = deviation < 0.02 ? 0.1 / deviation : 1;
    const moved = data.map((value) => {
      if (!isConstant) return value * factor;
      return value === 0 ? 0.2 * random.normal() : value * Math.exp(0.3 * random.normal());
    });
    return [path, { shape, data: moved }];
  });
  network.setWeights(new Map(weights));
  const last = weights.at(-1)[0];
  const layer = last.slice(0, last.lastIndexOf("/") + 1);
  // Once, but where a layer without weights or an activation follows.
  for (
    let spread = await spreadOf(network, input);
    spread > 1.5 * SPREAD;
    spread = await spreadOf(network, input)
  ) {
    const scaled = [...network.getWeights()].map(([path, { shape, data }]) => [
      path,
      { shape, data: path.startsWith(layer) ? data.map((value) => (value * SPREAD) / spread) : data },
    ]);
    network.setWeights(new Map(scaled));
  }
}

/** The largest difference between two outputs for the same row. */
async function spreadOf(network, input) {
  const { shape, data } = await new Model(network).predict(input);
  const width = shape.at(-1);
  const spreads = Array.from({ length: shape[0] }, (_, row) => {
    const outputs = data.subarray(row * width, (row + 1) * width);
    return Math.max(...outputs) - Math.min(...outputs);
  });
  return Math.max(...spreads);
}
