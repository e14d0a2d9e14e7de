/** @file Matrix products of operands with any number of axes. */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { batchedMatmulPrimitive } from "./batched-matmul.ts";
import { matrixProduct } from "./matrix-product.ts";
import { expandDims, squeeze } from "./reshape-axes.ts";
import { reshape } from "./reshape.ts";
import { transposedMatrixProduct } from "./transposed-matrix-product.ts";
import { transpose } from "./transpose.ts";

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
    if (!transposeA) return matrixProduct(a, b, transposeB);
    return transposedMatrixProduct(a, transposeB ? transposed(b) : b);
  }
  // One matrix for all: the rows of all the others make one matrix.
  if (b.shape.length === 2 && !transposeA && sizeOf(a.shape) > 0) {
    const inner = a.shape[a.shape.length - 1];
    const together = matrixProduct(reshape(a, [-1, inner]), b, transposeB);
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
