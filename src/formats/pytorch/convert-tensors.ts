/** @file Numbers of weights in PyTorch's arrangement, and back. Browser-safe. */

import { stridesOf, sizeOf } from "../../tensor/shape.ts";
import type { FloatArray, NumericArray } from "../../tensor/array.ts";
import type { WeightSource } from "./modules/torch-module.ts";
import type { TorchTensorView } from "./torch-view.ts";

/** For each element of PyTorch's tensor, its place in the weight. */
function places({ split, axes }: WeightSource): Uint32Array {
  const strides = stridesOf(split);
  const lengths = axes.map((axis) => split[axis]);
  const steps = axes.map((axis) => strides[axis]);
  const result = new Uint32Array(sizeOf(split));
  const at = new Array<number>(axes.length).fill(0);
  let place = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = place;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      place += steps[axis];
      if (++at[axis] < lengths[axis]) break;
      place -= steps[axis] * lengths[axis];
      at[axis] = 0;
    }
  }
  return result;
}

/** Gives a tensor of PyTorch's network its numbers. */
export function toTorch(tensor: TorchTensorView, weights: ReadonlyMap<string, FloatArray>): NumericArray {
  const { source, shape, layer } = tensor;
  if (source.kind !== "weight") return { shape, data: source.values };
  const own = weights.get(`${layer}/${source.weight}`)?.data ?? new Float32Array(sizeOf(shape));
  return { shape, data: Float32Array.from(places(source), (place) => own[place]) };
}

/** Takes a weight's numbers from PyTorch's tensor. */
export function fromTorch(source: WeightSource, data: ArrayLike<number>): Float32Array {
  const own = new Float32Array(data.length);
  places(source).forEach((place, i) => (own[place] = data[i]));
  return own;
}
