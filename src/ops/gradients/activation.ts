/** @file Gradients of the operations in ../activation.ts. */
import type { Tensor } from "../../graph/tensor.ts";
import { positiveOnlyPrimitive, sigmoid } from "../activation.ts";
import { less, multiply, subtract } from "../arithmetic.ts";
import { applyElementwise, type ElementwiseParameters } from "../elementwise.ts";
import { where } from "../select.ts";
import type { OperationGradient } from "./operation-gradient.ts";

/** a, but 0 where `sign` is not positive: relu's gradient. A NaN in `sign` lets a through. */
function positiveOnly(a: Tensor, sign: Tensor): Tensor {
  return applyElementwise(positiveOnlyPrimitive, [a, sign]);
}

export const reluGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  _inputs,
  _parameters,
  output,
) => [positiveOnly(gradient, output)];

export const positiveOnlyGradient: OperationGradient<ElementwiseParameters> = (gradient, [, sign]) => [
  positiveOnly(gradient, sign),
  undefined,
];

export const leakyReluGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  _inputs,
  { values: [alpha] },
  output,
) => [where(less(0, output), gradient, multiply(gradient, alpha))];

export const eluGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  _inputs,
  { values: [alpha] },
  output,
) => [where(less(0, output), gradient, multiply(gradient, subtract(output, -alpha)))];

export const sigmoidGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  _inputs,
  _parameters,
  output,
) => [multiply(gradient, multiply(output, subtract(1, output)))];

export const softplusGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [
  multiply(gradient, sigmoid(x)),
];
