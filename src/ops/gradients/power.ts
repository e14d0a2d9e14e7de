/** @file Gradients of the operations in ../power.ts. */
import { multiply, subtract } from "../arithmetic.ts";
import { applyElementwise, type ElementwiseParameters } from "../elementwise.ts";
import { log } from "../exponential.ts";
import { power, wholePowerPrimitive } from "../power.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const wholePowerGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  [x],
  { values: [exponent] },
) => {
  if (exponent === 1) return [gradient];
  const lower = applyElementwise(wholePowerPrimitive, [x], [exponent - 1]);
  return [multiply(gradient, multiply(exponent, lower))];
};

export const powerGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  [x, y],
  _parameters,
  output,
) => [
  multiply(gradient, multiply(y, power(x, subtract(y, 1)))),
  multiply(gradient, multiply(output, log(x))),
];
