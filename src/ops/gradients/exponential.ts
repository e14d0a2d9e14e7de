/** @file Gradients of the operations in ../exponential.ts. */
import { add, divide, multiply, subtract } from "../arithmetic.ts";
import type { ElementwiseParameters } from "../elementwise.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const expGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  _inputs,
  _parameters,
  output,
) => [multiply(gradient, output)];

export const logGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [divide(gradient, x)];

export const expm1Gradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  _inputs,
  _parameters,
  output,
) => [multiply(gradient, add(output, 1))];

export const log1pGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [
  divide(gradient, add(x, 1)),
];

export const sqrtGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  _inputs,
  _parameters,
  output,
) => [divide(multiply(gradient, 0.5), output)];

export const tanhGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  _inputs,
  _parameters,
  output,
) => [multiply(gradient, subtract(1, multiply(output, output)))];
