/** @file Gradients of the products of two matrices. */
import { matrixProduct, type MatrixProductParameters } from "../matrix-product.ts";
import { transposedMatrixProduct } from "../transposed-matrix-product.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const matmulGradient: OperationGradient<MatrixProductParameters> = (
  gradient,
  [a, b],
  { transposeB },
) => {
  if (transposeB) return [matrixProduct(gradient, b), transposedMatrixProduct(gradient, a)];
  return [matrixProduct(gradient, b, true), transposedMatrixProduct(a, gradient)];
};

export const transposedMatmulGradient: OperationGradient<object> = (gradient, [a, b]) => [
  matrixProduct(b, gradient, true),
  matrixProduct(a, gradient),
];
