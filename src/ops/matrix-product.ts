/**
 * @file The products a·b and a·bᵀ of two matrices. A dense layer is a 1×1 convolution over a row of examples, so they run on the
 * convolution's kernels.
 */
import type { Cases } from "../graph/case.ts";
import { defineOperation } from "../graph/define.ts";
import type { Task } from "../graph/tasks.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { ConvolutionGeometry } from "../kernels/convolution/geometry.ts";
import type { Shape } from "../tensor/shape.ts";
import { CONVOLUTION_TASK } from "../lowering/convolution/convolution.ts";
import { filterView } from "./convolution.ts";
import { checkedSizes, productSizes } from "./product-sizes.ts";

export interface MatrixProductParameters {
  /** Whether the second factor is bᵀ. */
  readonly transposeB: boolean;
}

/** rows × inputs times inputs × outputs, as a 1×1 convolution: the rows are the pixels of one image of height 1. */
export function productGeometry(rows: number, inputs: number, outputs: number): ConvolutionGeometry {
  return {
    batch: 1,
    inputHeight: 1,
    inputWidth: rows,
    inputChannels: inputs,
    outputHeight: 1,
    outputWidth: rows,
    outputChannels: outputs,
    filterHeight: 1,
    filterWidth: 1,
    strides: [1, 1],
    dilations: [1, 1],
    padding: [0, 0],
    inputDilations: [1, 1],
    groups: 1,
  };
}

function taskOf(a: Shape, b: Shape, { transposeB }: MatrixProductParameters): Task {
  const { rows, inner, columns } = productSizes(a, b, { transposeA: false, transposeB });
  const geometry = productGeometry(rows, inner, columns);
  const stored = filterView(geometry);
  const transposed = { ...stored, strides: { ...stored.strides, input: 1, output: inner } };
  return { kind: CONVOLUTION_TASK, geometry, view: transposeB ? transposed : stored };
}

export const matmulCases: Cases<MatrixProductParameters> = () => [
  { shapes: [[3, 4], [4, 5]], parameters: { transposeB: false } }, // prettier-ignore
  { shapes: [[1, 1], [1, 1]], parameters: { transposeB: false } }, // prettier-ignore
  { shapes: [[17, 13], [13, 10]], parameters: { transposeB: false } }, // prettier-ignore
  { shapes: [[6, 7], [9, 7]], parameters: { transposeB: true } }, // prettier-ignore
];

export const matmulPrimitive = defineOperation<MatrixProductParameters>({
  name: "matmul",
  shape: ([a, b], { transposeB }) => {
    const { rows, columns } = checkedSizes(a.shape, b.shape, { transposeA: false, transposeB });
    return [rows, columns];
  },
  structure: ([a, b], parameters) => ({ kind: "kernels", task: taskOf(a.shape, b.shape, parameters) }),
  reference: ([a, b], { transposeB }) => {
    const { rows, inner, columns } = productSizes(a.shape, b.shape, { transposeA: false, transposeB });
    const result = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < inner; k++) {
          const right = b.data[transposeB ? j * inner + k : k * columns + j];
          result[i * columns + j] += a.data[i * inner + k] * right;
        }
    return result;
  },
  multiplyAdds: ([a, b], { transposeB }) => {
    const { rows, inner, columns } = productSizes(a.shape, b.shape, { transposeA: false, transposeB });
    return rows * inner * columns;
  },
});

/** a·b of matrices `[M, K]` and `[K, N]`, or a·bᵀ with b `[N, K]`. @throws AuricleError "shape" unless they fit. */
export function matrixProduct(a: Tensor, b: Tensor, transposeB = false): Tensor {
  return matmulPrimitive([a, b], { transposeB });
}
