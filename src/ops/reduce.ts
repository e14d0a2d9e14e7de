import type { Tensor } from "../graph/tensor.ts";
import { sizeOf } from "../tensor/shape.ts";
import { divide, equal, multiply } from "./arithmetic.ts";
import { defineReduce, reduce, broadcastAlong, sum, type ReduceParameters } from "./sum.ts";

/** Elements that share the largest value share its gradient equally, as in JAX; PyTorch's amax does the same. */
function extremumGradient(
  outputGradient: Tensor,
  [input]: readonly Tensor[],
  { axes }: ReduceParameters,
  output: Tensor,
): readonly Tensor[] {
  const hit = equal(input, broadcastAlong(output, input.shape, axes));
  const share = divide(outputGradient, sum(hit, axes));
  return [multiply(hit, broadcastAlong(share, input.shape, axes))];
}

export const maxPrimitive = defineReduce("max", extremumGradient);
export const minPrimitive = defineReduce("min", extremumGradient);

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
