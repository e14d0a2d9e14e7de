/** @file Gradients of the operations in ../arithmetic.ts. */
import { divide, multiply, negative } from "../arithmetic.ts";
import type { ElementwiseParameters } from "../elementwise.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const addGradient: OperationGradient<ElementwiseParameters> = (gradient) => [gradient, gradient];

export const subtractGradient: OperationGradient<ElementwiseParameters> = (gradient) => [
  gradient,
  negative(gradient),
];

export const multiplyGradient: OperationGradient<ElementwiseParameters> = (gradient, [a, b]) => [
  multiply(gradient, b),
  multiply(gradient, a),
];

export const divideGradient: OperationGradient<ElementwiseParameters> = (gradient, [, b], _, output) => {
  const byA = divide(gradient, b);
  return [byA, negative(multiply(byA, output))];
};

export const negativeGradient: OperationGradient<ElementwiseParameters> = (gradient) => [negative(gradient)];
