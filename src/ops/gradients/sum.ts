/** @file Gradients of the operations in ../sum.ts. */
import type { Tensor } from "../../graph/tensor.ts";
import type { Shape } from "../../tensor/shape.ts";
import { reshape } from "../reshape.ts";
import { broadcastAlong, sum, type BroadcastParameters, type ReduceParameters } from "../sum.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const sumGradient: OperationGradient<ReduceParameters> = (outputGradient, [input], { axes }) => [
  broadcastAlong(outputGradient, input.shape, axes),
];

export const broadcastGradient: OperationGradient<BroadcastParameters> = (outputGradient, [input]) => [
  sumTo(outputGradient, input.shape),
];

/** Sums away what broadcasting to the tensor's shape repeated: the gradient of `broadcastTo`. */
export function sumTo(tensor: Tensor, shape: Shape): Tensor {
  const extra = tensor.shape.length - shape.length;
  const axes = tensor.shape.flatMap((length, axis) =>
    axis < extra || (shape[axis - extra] === 1 && length !== 1) ? [axis] : [],
  );
  return axes.length === 0 && extra === 0 ? tensor : reshape(sum(tensor, axes), shape);
}
