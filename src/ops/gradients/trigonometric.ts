/** @file Gradients of the operations in ../trigonometric.ts. */
import { multiply, negative } from "../arithmetic.ts";
import type { ElementwiseParameters } from "../elementwise.ts";
import { cos, sin } from "../trigonometric.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const sinGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [
  multiply(gradient, cos(x)),
];

export const cosGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [
  multiply(gradient, negative(sin(x))),
];
