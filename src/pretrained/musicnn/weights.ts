/**
 * @file From the variables of musicnn's checkpoints to the weights of the same networks here. TensorFlow numbers layers by kind,
 * from the second on: conv2d, conv2d_1, …; Auricle from the first. Browser-safe.
 */

import { AuricleError } from "../../errors.ts";
import type { Network } from "../../nn/index.ts";
import { floatArray, type FloatArray } from "../../tensor/array.ts";
import { formatShape, sizeOf } from "../../tensor/shape.ts";

/** Gives a variable by name. @throws AuricleError "file" where there is none */
export type ReadVariable = (name: string) => FloatArray;

/** TensorFlow's name of each weight of a layer. */
const VARIABLES: Readonly<Record<string, string>> = {
  kernel: "kernel",
  bias: "bias",
  gamma: "gamma",
  beta: "beta",
  movingMean: "moving_mean",
  movingVariance: "moving_variance",
};

/** The channels whose maximum and mean over time musicnn's last layers take. */
const POOLED = 753;

/** Sets the weights of `musicnn` for 50 classes. @throws AuricleError "file" where a variable is missing or of another size. */
export function setMusicnnWeights(network: Network, read: ReadVariable): void {
  setWeights(network, (kind, number) => {
    // Its convolutions over time alone are the original's last ones in two dimensions, of which one is 1.
    if (kind === "conv1d") return read2d("conv2d", number + 5);
    return read2d(kind, number);
  });

  function read2d(kind: string, number: number) {
    const layer = numbered(kind, number);
    return (variable: string) => interleavedToBlocks(read(`${layer}/${variable}`));
  }
}

/** Sets the weights of the VGG network. @throws AuricleError "file" where a variable is missing or of another size. */
export function setVggWeights(network: Network, read: ReadVariable): void {
  setWeights(network, (kind, number) => {
    const layer = kind === "conv2d" ? `${number + 1}CNN` : numbered(kind, number);
    return (variable) => read(`${layer}/${variable}`);
  });
}

/** @param number from 0 */
function numbered(kind: string, number: number): string {
  return number === 0 ? kind : `${kind}_${number}`;
}

function setWeights(
  network: Network,
  layerOf: (kind: string, number: number) => (variable: string) => FloatArray,
): void {
  const weights = new Map<string, FloatArray>();
  for (const [path, { shape }] of network.getWeights()) {
    const [, kind, number, weight] = /^(.+)_(\d+)\/(\w+)$/.exec(path) ?? [];
    const found = layerOf(kind, Number(number) - 1)(VARIABLES[weight]);
    if (found.data.length !== sizeOf(shape)) {
      throw new AuricleError(
        "file",
        `${path}: the stored variable must have as many numbers as ${formatShape(shape)}; got ${formatShape(found.shape)}`,
      );
    }
    // Convolutions over time alone are stored with an axis of length 1 more.
    weights.set(path, floatArray(found.data, shape));
  }
  network.setWeights(weights);
}

/**
 * The original flattens `[753, 2]`, each channel's maximum beside its mean; here all maxima come before all means. So the
 * rows of what reads them change places.
 */
function interleavedToBlocks(variable: FloatArray): FloatArray {
  const { data, shape } = variable;
  if (shape[0] !== 2 * POOLED) return variable;
  const width = data.length / shape[0];
  const rows = new Float32Array(data.length);
  for (let channel = 0; channel < POOLED; channel++) {
    for (let kind = 0; kind < 2; kind++) {
      const from = (2 * channel + kind) * width;
      rows.set(data.subarray(from, from + width), (kind * POOLED + channel) * width);
    }
  }
  return floatArray(rows, shape);
}
