/** @file Eigenvalues and eigenvectors of symmetric matrices. Browser-safe. */

export interface Eigen {
  /** Falling. */
  readonly values: number[];
  /** Unit vectors, in the order of the values. */
  readonly vectors: readonly Float64Array[];
}

/** Cyclic rotations converge quadratically: ten sweeps are more than such matrices take. */
const MOST_SWEEPS = 30;

/**
 * Jacobi's method with cyclic sweeps (Golub and Van Loan, Matrix Computations, 8.5): small, and exact to a few units in the last
 * place.
 * @param matrix the rows of a symmetric matrix, of which the lower half is read; it is overwritten
 */
export function symmetricEigen(matrix: Float64Array[]): Eigen {
  const size = matrix.length;
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) matrix[j][i] = matrix[i][j];
  const vectors = matrix.map((_, i) => new Float64Array(size).fill(1, i, i + 1));
  const norm = Math.sqrt(matrix.reduce((sum, row) => row.reduce((s, value) => s + value * value, sum), 0));
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < size - 1; p++) {
      for (let q = p + 1; q < size; q++) {
        if (Math.abs(matrix[p][q]) <= 1e-17 * norm) continue;
        rotate(matrix, vectors, p, q);
        rotated = true;
      }
    }
    if (!rotated) break;
  }
  const order = matrix.map((_, i) => i).sort((a, b) => matrix[b][b] - matrix[a][a] || a - b);
  return { values: order.map((i) => matrix[i][i]), vectors: order.map((i) => vectors[i]) };
}

/** Makes the elements p, q and q, p zero; rows of `vectors` are the eigenvectors so far. */
function rotate(matrix: Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  const [rowP, rowQ] = [matrix[p], matrix[q]];
  const theta = (rowQ[q] - rowP[p]) / (2 * rowP[q]);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  const shift = t * rowP[q];
  const [atP, atQ] = [rowP[p] - shift, rowQ[q] + shift];
  turn(rowP, rowQ, c, s);
  for (let i = 0; i < matrix.length; i++) {
    matrix[i][p] = rowP[i];
    matrix[i][q] = rowQ[i];
  }
  [rowP[p], rowQ[q], rowP[q], rowQ[p]] = [atP, atQ, 0, 0];
  turn(vectors[p], vectors[q], c, s);
}

function turn(a: Float64Array, b: Float64Array, c: number, s: number): void {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i], b[i]];
    a[i] = c * x - s * y;
    b[i] = s * x + c * y;
  }
}
