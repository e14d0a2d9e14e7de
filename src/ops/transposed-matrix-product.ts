/** @file The product aᵀ·b of two matrices: it sums over examples, as the gradient of a 1×1 filter does, and runs on its kernels. */
import type { Cases } from "../graph/case.ts";
import { defineOperation } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { FILTER_GRADIENT_TASK } from "../lowering/filter-gradient/filter-gradient.ts";
import { productGeometry } from "./matrix-product.ts";
import { checkedSizes, productSizes } from "./product-sizes.ts";

type None = Record<string, never>;

/** The first factor is transposed, the second is not. */
const TRANSPOSES = { transposeA: true, transposeB: false };

export const transposedMatmulCases: Cases<None> = () => [
  { shapes: [[7, 6], [7, 9]], parameters: {} }, // prettier-ignore
  { shapes: [[5, 40], [5, 3]], parameters: {} }, // prettier-ignore
];

export const transposedMatmulPrimitive = defineOperation<None>({
  name: "transposedMatmul",
  shape: ([a, b]) => {
    const { rows, columns } = checkedSizes(a.shape, b.shape, TRANSPOSES);
    return [rows, columns];
  },
  structure: ([a, b]) => {
    const { rows, inner, columns } = productSizes(a.shape, b.shape, TRANSPOSES);
    const geometry = productGeometry(inner, rows, columns);
    return { kind: "kernels", task: { kind: FILTER_GRADIENT_TASK, geometry } };
  },
  reference: ([a, b]) => {
    const { rows, inner, columns } = productSizes(a.shape, b.shape, TRANSPOSES);
    const result = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < inner; k++)
          result[i * columns + j] += a.data[k * rows + i] * b.data[k * columns + j];
    return result;
  },
  multiplyAdds: ([a, b]) => {
    const { rows, inner, columns } = productSizes(a.shape, b.shape, TRANSPOSES);
    return rows * inner * columns;
  },
});

/** aᵀ·b of matrices `[K, M]` and `[K, N]`. @throws AuricleError "shape" unless they fit. */
export function transposedMatrixProduct(a: Tensor, b: Tensor): Tensor {
  return transposedMatmulPrimitive([a, b], {});
}
