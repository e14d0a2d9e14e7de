/** @file Gradients of the operations in ../batched-matmul.ts. */
import type { Tensor } from "../../graph/tensor.ts";
import { batchedMatmulPrimitive } from "../batched-matmul.ts";
import type { MatmulParameters } from "../product-sizes.ts";
import type { OperationGradient } from "./operation-gradient.ts";
import { sumTo } from "./sum.ts";

function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  return batchedMatmulPrimitive([a, b], { transposeA, transposeB });
}

/** With A = a or its transpose and B likewise, the gradients of A·B are g·Bᵀ and Aᵀ·g. */
export const batchedMatmulGradient: OperationGradient<MatmulParameters> = (
  gradient,
  [a, b],
  { transposeA, transposeB },
) => {
  const forA = transposeA ? product(b, gradient, transposeB, true) : product(gradient, b, false, !transposeB);
  const forB = transposeB ? product(gradient, a, true, transposeA) : product(a, gradient, !transposeA, false);
  return [sumTo(forA, a.shape), sumTo(forB, b.shape)];
};
