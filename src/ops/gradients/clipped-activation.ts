/** @file Gradients of the operations in ../clipped-activation.ts. */
import { less, multiply } from "../arithmetic.ts";
import type { ElementwiseParameters } from "../elementwise.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const clippedReluGradient: OperationGradient<ElementwiseParameters> = (
  gradient,
  _inputs,
  { values: [ceiling] },
  output,
) => [multiply(gradient, multiply(less(0, output), less(output, ceiling)))];
