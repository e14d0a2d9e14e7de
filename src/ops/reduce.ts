import type { Tensor } from "../graph/tensor.ts";
import { sizeOf } from "../tensor/shape.ts";
import { divide } from "./arithmetic.ts";
import { defineReduce, reduce, sum } from "./sum.ts";

export const maxPrimitive = defineReduce("max");
export const minPrimitive = defineReduce("min");

/** Largest element over the axes (default: all). */
export function max(tensor: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  return reduce(maxPrimitive, tensor, axes, keepDims);
}

/** Smallest element over the axes (default: all). */
export function min(tensor: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  return reduce(minPrimitive, tensor, axes, keepDims);
}

/** Arithmetic mean over the axes (default: all). */
export function mean(tensor: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  const total = sum(tensor, axes, keepDims);
  return divide(total, sizeOf(tensor.shape) / sizeOf(total.shape));
}
