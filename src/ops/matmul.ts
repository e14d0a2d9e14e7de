/**
 * @file Matrix products. A dense layer is a 1×1 convolution over a row of examples, so all three products that
 * training needs (a·b, a·bᵀ, aᵀ·b) run on the convolution's kernels.
 */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation } from "../graph/define.ts";
import type { Lowering } from "../graph/lowering.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { ConvolutionGeometry } from "../kernels/convolution/geometry.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { batchedMatmulPrimitive } from "./batched-matmul.ts";
import { lowerConvolution, lowerFilterGradient } from "./convolution-algorithms.ts";
import { filterView } from "./convolution.ts";
import { checkedSizes, productSizes, type MatmulParameters } from "./product-sizes.ts";
import { expandDims, squeeze } from "./reshape-axes.ts";
import { reshape } from "./reshape.ts";
import { transpose } from "./transpose.ts";

/** rows × inputs times inputs × outputs, as a 1×1 convolution: the rows are the pixels of one image of height 1. */
function geometryOf(rows: number, inputs: number, outputs: number): ConvolutionGeometry {
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

function lower(lowering: Lowering, a: Shape, b: Shape, parameters: MatmulParameters): void {
  const { rows, inner, columns } = productSizes(a, b, parameters);
  if (parameters.transposeA) {
    // aᵀ·b sums over examples, as the gradient of a 1×1 filter does.
    lowerFilterGradient(lowering, geometryOf(inner, rows, columns));
    return;
  }
  const geometry = geometryOf(rows, inner, columns);
  const view = filterView(geometry);
  if (!parameters.transposeB) {
    lowerConvolution(lowering, geometry, view);
    return;
  }
  lowerConvolution(lowering, geometry, {
    ...view,
    strides: { ...view.strides, input: 1, output: inner },
  });
}

export const matmulCases: Cases<MatmulParameters> = () => [
  {
    shapes: [
      [3, 4],
      [4, 5],
    ],
    parameters: { transposeA: false, transposeB: false },
  },
  {
    shapes: [
      [1, 1],
      [1, 1],
    ],
    parameters: { transposeA: false, transposeB: false },
  },
  {
    shapes: [
      [17, 13],
      [13, 10],
    ],
    parameters: { transposeA: false, transposeB: false },
  },
  {
    shapes: [
      [6, 7],
      [9, 7],
    ],
    parameters: { transposeA: false, transposeB: true },
  },
  {
    shapes: [
      [7, 6],
      [7, 9],
    ],
    parameters: { transposeA: true, transposeB: false },
  },
  {
    shapes: [
      [5, 40],
      [5, 3],
    ],
    parameters: { transposeA: true, transposeB: false },
  },
];

export const matmulPrimitive = defineOperation<MatmulParameters>({
  name: "matmul",
  shape: ([a, b], parameters) => {
    const { rows, columns } = checkedSizes(a.shape, b.shape, parameters);
    return [rows, columns];
  },
  structure: ([a, b], parameters) => ({
    kind: "kernels",
    fusesEpilogue: !parameters.transposeA,
    lower: (lowering) => lower(lowering, a.shape, b.shape, parameters),
  }),
  reference: ([a, b], parameters) => {
    const { rows, inner, columns } = productSizes(a.shape, b.shape, parameters);
    const result = new Float64Array(rows * columns);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        for (let k = 0; k < inner; k++) {
          const left = a.data[parameters.transposeA ? k * rows + i : i * inner + k];
          const right = b.data[parameters.transposeB ? j * inner + k : k * columns + j];
          result[i * columns + j] += left * right;
        }
    return result;
  },
  gradient: (gradient, [a, b], { transposeA, transposeB }) => {
    if (transposeA) return [product(b, gradient, false, true), product(a, gradient, false, false)];
    if (transposeB) return [product(gradient, b, false, false), product(gradient, a, true, false)];
    return [product(gradient, b, false, true), product(a, gradient, true, false)];
  },
  multiplyAdds: ([a, b], parameters) => {
    const { rows, inner, columns } = productSizes(a.shape, b.shape, parameters);
    return rows * inner * columns;
  },
});

function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  return matmulPrimitive([a, b], { transposeA, transposeB });
}

export interface MatmulOptions {
  /** Use aᵀ: the first operand's last two axes exchanged. Default false. */
  readonly transposeA?: boolean;
  /** Use bᵀ, likewise. Default false. */
  readonly transposeB?: boolean;
}

const OPTIONS: OptionNames<MatmulOptions> = { transposeB: true, transposeA: true };

/** The axes reordered so that the last two change places. */
function transposed(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** The product of operands with two axes or more. */
function productOfMany(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const batch = a.shape.slice(0, -2);
  if (batch.length === 0 && b.shape.length === 2) {
    return transposeA && transposeB
      ? product(a, transposed(b), true, false)
      : product(a, b, transposeA, transposeB);
  }
  // One matrix for all: the rows of all the others make one matrix.
  if (b.shape.length === 2 && !transposeA && sizeOf(a.shape) > 0) {
    const inner = a.shape[a.shape.length - 1];
    const together = product(reshape(a, [-1, inner]), b, false, transposeB);
    return reshape(together, [...a.shape.slice(0, -1), together.shape[1]]);
  }
  return batchedMatmulPrimitive([a, b], { transposeA, transposeB });
}

/**
 * Matrix product of `[…, M, K]` and `[…, K, N]`: `[…, M, N]`. Leading axes broadcast, and a vector `[K]` counts as one row on
 * the left and as one column on the right, whose axis the result does not have: NumPy's `matmul`. With `transposeA` or
 * `transposeB` an operand's last two axes are exchanged first; both need two axes then.
 * @throws AuricleError "shape" when inner lengths differ, leading axes do not broadcast or an operand is a scalar.
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  checkOptions("matmul", options, OPTIONS, "a, b, ");
  const { transposeA = false, transposeB = false } = options;
  const fewest = [transposeA ? 2 : 1, transposeB ? 2 : 1];
  if (a.shape.length < fewest[0] || b.shape.length < fewest[1]) {
    throw new AuricleError(
      "shape",
      `matmul: operands must have an axis each, and two where they are transposed; got ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  const isRow = a.shape.length === 1;
  const isColumn = b.shape.length === 1;
  const full = productOfMany(
    isRow ? expandDims(a, 0) : a,
    isColumn ? expandDims(b, 1) : b,
    transposeA,
    transposeB,
  );
  const added = [...(isRow ? [full.shape.length - 2] : []), ...(isColumn ? [full.shape.length - 1] : [])];
  return added.length > 0 ? squeeze(full, added) : full;
}
