/** @file The rows of a wide matrix in a basis of the space that they span, which has no more dimensions than there are rows. Browser-safe. */

/** Rows, `[rows, width]`, in an orthonormal basis: lengths, distances and angles are as they were. */
export interface RowSpace {
  /** The number of dimensions. */
  readonly rank: number;
  /** `[rows, rank]`. */
  readonly coordinates: Float64Array;
  /** Makes weights for the rows as they were, `[width, outputs]`, of those for the coordinates, `[rank, outputs]`: of the same length and answers. */
  toRows(weights: Float64Array, outputs: number): Float64Array;
  /** The other way round: the part of weights that any row can see. */
  toCoordinates(weights: Float64Array, outputs: number): Float64Array;
}

/** The square of what a row has outside the space of the others, as a part of the longest row's square, up to which it is rounding. */
const ROUNDING = 1e-12;

/**
 * Finds the space by a Cholesky decomposition of the rows' products with complete pivoting, in double precision: the rows are L Qᵀ, the
 * coordinates L.
 */
export function rowSpace(rows: Float32Array, width: number): RowSpace {
  const count = rows.length / width;
  const products = rowProducts(rows, width);
  const left = Float64Array.from({ length: count }, (_, i) => products[i * count + i]);
  const least = ROUNDING * left.reduce((most, one) => Math.max(most, one), 0);
  // By columns, and rows that are pivots in the order in which they were taken.
  const columns: Float64Array[] = [];
  const pivots: number[] = [];
  for (;;) {
    let pivot = 0;
    for (let i = 1; i < count; i++) if (left[i] > left[pivot]) pivot = i;
    if (pivots.length === count || !(left[pivot] > least)) break;
    const column = products.slice(pivot * count, (pivot + 1) * count);
    for (const earlier of columns) {
      const factor = earlier[pivot];
      for (let i = 0; i < count; i++) column[i] -= factor * earlier[i];
    }
    const length = Math.sqrt(left[pivot]);
    for (let i = 0; i < count; i++) {
      column[i] /= length;
      left[i] -= column[i] ** 2;
    }
    column[pivot] = length;
    for (const earlier of pivots) column[earlier] = 0;
    left[pivot] = -Infinity;
    columns.push(column);
    pivots.push(pivot);
  }
  const rank = columns.length;
  const coordinates = new Float64Array(count * rank);
  columns.forEach((column, k) => column.forEach((value, i) => (coordinates[i * rank + k] = value)));
  const triangle = (row: number, column: number) => columns[column][pivots[row]];
  return {
    rank,
    coordinates,
    toRows(weights, outputs) {
      // Q = Pᵀ L⁻ᵀ, of the rows P that are pivots: solve Lᵀ Z = weights from below, then Pᵀ Z.
      const solved = weights.slice();
      for (let k = rank - 1; k >= 0; k--) {
        for (let output = 0; output < outputs; output++) {
          let value = solved[k * outputs + output];
          for (let later = k + 1; later < rank; later++)
            value -= triangle(later, k) * solved[later * outputs + output];
          solved[k * outputs + output] = value / triangle(k, k);
        }
      }
      const spread = new Float64Array(width * outputs);
      for (const [k, pivot] of pivots.entries()) {
        for (let i = 0; i < width; i++) {
          const value = rows[pivot * width + i];
          for (let output = 0; output < outputs; output++)
            spread[i * outputs + output] += value * solved[k * outputs + output];
        }
      }
      return spread;
    },
    toCoordinates(weights, outputs) {
      // Qᵀ W = L⁻¹ P W.
      const seen = new Float64Array(rank * outputs);
      for (const [k, pivot] of pivots.entries()) {
        for (let i = 0; i < width; i++) {
          const value = rows[pivot * width + i];
          for (let output = 0; output < outputs; output++)
            seen[k * outputs + output] += value * weights[i * outputs + output];
        }
        for (let output = 0; output < outputs; output++) {
          let value = seen[k * outputs + output];
          for (let before = 0; before < k; before++)
            value -= triangle(k, before) * seen[before * outputs + output];
          seen[k * outputs + output] = value / triangle(k, k);
        }
      }
      return seen;
    },
  };
}

/** Columns that are taken at once, so that all rows' parts stay in the processor's cache. */
const CHUNK = 1024;

/** The product of each row with each, `[rows, rows]`. Two rows by four at once, as each number that is read then serves several products. */
function rowProducts(rows: Float32Array, width: number): Float64Array {
  const count = rows.length / width;
  const products = new Float64Array(count * count);
  for (let from = 0; from < width; from += CHUNK) {
    const to = Math.min(width, from + CHUNK);
    for (let i = 0; i < count; i += 2) {
      const a = i * width;
      const b = Math.min(i + 1, count - 1) * width;
      for (let j = i; j < count; j += 4) {
        const [c, d, e, f] = [j, j + 1, j + 2, j + 3].map((row) => Math.min(row, count - 1) * width);
        let [ac, ad, ae, af, bc, bd, be, bf] = [0, 0, 0, 0, 0, 0, 0, 0];
        for (let k = from; k < to; k++) {
          const x = rows[a + k];
          const y = rows[b + k];
          const p = rows[c + k];
          const q = rows[d + k];
          const r = rows[e + k];
          const s = rows[f + k];
          ac += x * p;
          ad += x * q;
          ae += x * r;
          af += x * s;
          bc += y * p;
          bd += y * q;
          be += y * r;
          bf += y * s;
        }
        [ac, ad, ae, af].slice(0, count - j).forEach((sum, n) => (products[i * count + j + n] += sum));
        if (i + 1 >= count) continue;
        [bc, bd, be, bf].slice(0, count - j).forEach((sum, n) => (products[(i + 1) * count + j + n] += sum));
      }
    }
  }
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) products[i * count + j] = products[j * count + i];
  return products;
}
