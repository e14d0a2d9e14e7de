/**
 * @file Matrix products. A dense layer is a 1×1 convolution over a row of examples, so all three products that
 * training needs (a·b, a·bᵀ, aᵀ·b) run on the convolution's kernels.
 */
import { AuricleError } from "../errors.ts";
import { defineOperation, type Case } from "../graph/define.ts";
import type { Lowering } from "../graph/lowering.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { ConvolutionGeometry } from "../kernels/convolution/geometry.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import { lowerConvolution, lowerFilterGradient } from "./convolution-algorithms.ts";
import { filterView } from "./convolution.ts";

export interface MatmulParameters {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

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

function sizesOf(a: Shape, b: Shape, { transposeA, transposeB }: MatmulParameters) {
  const [rows, inner] = transposeA ? [a[1], a[0]] : a;
  const [innerB, columns] = transposeB ? [b[1], b[0]] : b;
  return { rows, inner, innerB, columns };
}

function lower(lowering: Lowering, a: Shape, b: Shape, parameters: MatmulParameters): void {
  const { rows, inner, columns } = sizesOf(a, b, parameters);
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

const CASES: readonly Case<MatmulParameters>[] = [
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
    const came = `got ${formatShape(a.shape)} and ${formatShape(b.shape)}`;
    if (a.shape.length !== 2 || b.shape.length !== 2) {
      throw new AuricleError(
        "shape",
        `matmul: both operands must have two axes; ${came}; flatten the others first`,
      );
    }
    const { rows, inner, innerB, columns } = sizesOf(a.shape, b.shape, parameters);
    if (inner !== innerB) {
      throw new AuricleError(
        "shape",
        `matmul: inner lengths must be equal; ${came}, ${inner} is not ${innerB}`,
      );
    }
    return [rows, columns];
  },
  structure: ([a, b], parameters) => ({
    kind: "kernels",
    fusesTail: !parameters.transposeA,
    lower: (lowering) => lower(lowering, a.shape, b.shape, parameters),
  }),
  reference: ([a, b], parameters) => {
    const { rows, inner, columns } = sizesOf(a.shape, b.shape, parameters);
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
    const { rows, inner, columns } = sizesOf(a.shape, b.shape, parameters);
    return rows * inner * columns;
  },
  cases: CASES,
});

function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  return matmulPrimitive([a, b], { transposeA, transposeB });
}

export interface MatmulOptions {
  /** Use bᵀ. Default false. */
  readonly transposeB?: boolean;
}

const OPTIONS: OptionNames<MatmulOptions> = { transposeB: true };

/** Matrix product of `[M, K]` and `[K, N]` (or `[N, K]` with `transposeB`): `[M, N]`. */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  checkOptions("matmul", options, OPTIONS, "a, b, ");
  return product(a, b, false, options.transposeB ?? false);
}
