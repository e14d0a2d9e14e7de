/** @file Gradients of the operations in ../error-function.ts. */
import { multiply, negative } from "../arithmetic.ts";
import type { ElementwiseParameters } from "../elementwise.ts";
import { exp } from "../exponential.ts";
import { square } from "../power.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const erfGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [
  multiply(gradient, multiply(2 / Math.sqrt(Math.PI), exp(negative(square(x))))),
];
