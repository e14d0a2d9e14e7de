/** @file Gradients of the operations in ../reverse.ts. */
import { reverse, type ReverseParameters } from "../reverse.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const reverseGradient: OperationGradient<ReverseParameters> = (outputGradient, _, { axes }) => [
  reverse(outputGradient, axes),
];
