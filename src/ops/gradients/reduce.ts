/** @file Gradients of the operations in ../reduce.ts. */
import { divide, equal, multiply } from "../arithmetic.ts";
import { broadcastAlong, sum, type ReduceParameters } from "../sum.ts";
import type { OperationGradient } from "./operation-gradient.ts";

/** Elements that share the largest value share its gradient equally, as in JAX; PyTorch's amax does the same. */
export const extremumGradient: OperationGradient<ReduceParameters> = (
  outputGradient,
  [input],
  { axes },
  output,
) => {
  const hit = equal(input, broadcastAlong(output, input.shape, axes));
  const share = divide(outputGradient, sum(hit, axes));
  return [multiply(hit, broadcastAlong(share, input.shape, axes))];
};
