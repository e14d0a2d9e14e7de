/** @file Gradients of the operations in ../transpose.ts. */
import { transpose, type TransposeParameters } from "../transpose.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const transposeGradient: OperationGradient<TransposeParameters> = (
  outputGradient,
  _,
  { permutation },
) => [
  transpose(
    outputGradient,
    permutation.map((_, axis) => permutation.indexOf(axis)),
  ),
];
