/** @file Gradients of the operations in ../select.ts. */
import type { Tensor } from "../../graph/tensor.ts";
import { add, less, lessEqual, multiply } from "../arithmetic.ts";
import type { ElementwiseParameters } from "../elementwise.ts";
import { sign, where, whereEqual } from "../select.ts";
import type { OperationGradient } from "./operation-gradient.ts";

/** Where `first` wins the whole gradient, in a tie half of it. */
function share(gradient: Tensor, isStrictly: Tensor, isAtLeast: Tensor): Tensor {
  return multiply(gradient, multiply(add(isStrictly, isAtLeast), 0.5));
}

export const whereGradient: OperationGradient<ElementwiseParameters> = (gradient, [condition]) => [
  undefined,
  where(condition, gradient, 0),
  where(condition, 0, gradient),
];

export const whereEqualGradient: OperationGradient<ElementwiseParameters> = (gradient, [a, b]) => [
  undefined,
  undefined,
  whereEqual(a, b, gradient),
];

export const maximumGradient: OperationGradient<ElementwiseParameters> = (gradient, [a, b]) => [
  share(gradient, less(b, a), lessEqual(b, a)),
  share(gradient, less(a, b), lessEqual(a, b)),
];

export const minimumGradient: OperationGradient<ElementwiseParameters> = (gradient, [a, b]) => [
  share(gradient, less(a, b), lessEqual(a, b)),
  share(gradient, less(b, a), lessEqual(b, a)),
];

export const clipGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  [x],
  { values: [low, high] },
) => [multiply(gradient, multiply(lessEqual(low, x), lessEqual(x, high)))];

export const absGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [
  multiply(gradient, sign(x)),
];
