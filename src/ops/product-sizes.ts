/** @file The sizes of a matrix product, of two matrices as of many pairs. */
import { AuricleError } from "../errors.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import { shownValue } from "../shown-value.ts";

export interface MatmulParameters {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

interface ProductSizes {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
}

/** Rows, inner length and columns of `[…, M, K]` times `[…, K, N]`, each stored the other way round where it is transposed. */
export function productSizes(a: Shape, b: Shape, { transposeA, transposeB }: MatmulParameters): ProductSizes {
  const [rows, inner] = transposeA ? [a[a.length - 1], a[a.length - 2]] : a.slice(-2);
  const columns = b[b.length - (transposeB ? 2 : 1)];
  return { rows, inner, columns };
}

/** The same. @throws AuricleError "shape" where the inner lengths differ. */
export function checkedSizes(a: Shape, b: Shape, parameters: MatmulParameters): ProductSizes {
  const sizes = productSizes(a, b, parameters);
  const innerB = b[b.length - (parameters.transposeB ? 1 : 2)];
  if (sizes.inner === innerB) return sizes;
  throw new AuricleError(
    "shape",
    `matmul: inner lengths must be equal; got ${formatShape(a)} and ${formatShape(b)}, ${shownValue(sizes.inner)} is not ${innerB}`,
  );
}
