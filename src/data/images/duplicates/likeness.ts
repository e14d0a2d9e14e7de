/**
 * @file How alike two pictures are by their thumbnails, whatever their brightness and contrast, and a little shift and scale.
 * Browser-safe.
 *
 * One thumbnail is explained by the other with linear regression: by its values, their squares (another tone curve), a constant, and its derivatives
 * along x and y, plain and times x and y, which stand for a shift and a change of size to first order (Lucas and Kanade,
 * IJCAI 1981).
 */

import { THUMBNAIL_SIDE as SIDE } from "./fingerprint.ts";

/** Below this plain correlation nothing that a small shift explains is left; it takes a tenth of the time. */
const LEAST_CORRELATION = 0.8;
const REGRESSORS = 7;
const MIDDLE = 128;

/** A thumbnail prepared for comparisons. */
export interface ThumbnailView {
  /** `[16, 16, 3]`, or all three channels grey. */
  readonly values: Float64Array;
  readonly mean: number;
  /** The sum of the squared distances from the mean. */
  readonly spread: number;
}

/** Prepares a thumbnail, in colour and in grey. */
export function thumbnailViews(thumbnail: Uint8Array): {
  readonly color: ThumbnailView;
  readonly grey: ThumbnailView;
  readonly isGrey: boolean;
} {
  const grey = new Float64Array(thumbnail.length);
  let isGrey = true;
  for (let i = 0; i < thumbnail.length; i += 3) {
    const [red, green, blue] = [thumbnail[i], thumbnail[i + 1], thumbnail[i + 2]];
    if (red !== green || green !== blue) isGrey = false;
    grey.fill(0.299 * red + 0.587 * green + 0.114 * blue, i, i + 3);
  }
  return { color: viewOf(Float64Array.from(thumbnail)), grey: viewOf(grey), isGrey };
}

function viewOf(values: Float64Array): ThumbnailView {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { values, mean, spread: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
}

/** The share of one picture's variance that the other explains, 0 … 1: the lesser of the two directions. */
export function likeness(a: ThumbnailView, b: ThumbnailView): number {
  if (a.spread === 0 || b.spread === 0 || correlation(a, b) < LEAST_CORRELATION) return 0;
  const one = explained(a, b);
  return one === 0 ? 0 : Math.min(one, explained(b, a));
}

function correlation(a: ThumbnailView, b: ThumbnailView): number {
  let sum = 0;
  for (let i = 0; i < a.values.length; i++) sum += (a.values[i] - a.mean) * (b.values[i] - b.mean);
  return sum / Math.sqrt(a.spread * b.spread);
}

/** The share of b's variance that is explained by a. */
function explained(a: ThumbnailView, b: ThumbnailView): number {
  const matrix = new Float64Array(REGRESSORS * REGRESSORS);
  const right = new Float64Array(REGRESSORS);
  const row = new Float64Array(REGRESSORS);
  let squares = 0;
  for (let i = 0; i < a.values.length; i++) {
    regressorsAt(a.values, i, row);
    const target = b.values[i];
    squares += target * target;
    for (let p = 0; p < REGRESSORS; p++) {
      right[p] += row[p] * target;
      for (let q = 0; q <= p; q++) matrix[p * REGRESSORS + q] += row[p] * row[q];
    }
  }
  // Directions in which there is nothing to see.
  for (let p = 0; p < REGRESSORS; p++) matrix[p * REGRESSORS + p] *= 1 + 1e-6;
  for (let p = 0; p < REGRESSORS; p++) matrix[p * REGRESSORS + p] += 1e-3;
  const [weights, fitted] = solve(matrix, right);
  // A negative is no copy.
  if (weights[0] <= 0) return 0;
  return Math.max(0, 1 - (squares - fitted) / b.spread);
}

/** Writes a's value, 1, derivatives, derivatives times place, and the square, of one channel of one pixel. */
function regressorsAt(values: Float64Array, i: number, row: Float64Array): void {
  const pixel = Math.floor(i / 3);
  const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
  const value = values[i];
  const across = slope(values, i, x, 3);
  const down = slope(values, i, y, 3 * SIDE);
  row[0] = value;
  row[1] = 1;
  row[2] = across;
  row[3] = down;
  row[4] = across * ((x - (SIDE - 1) / 2) / SIDE);
  row[5] = down * ((y - (SIDE - 1) / 2) / SIDE);
  row[6] = (value - MIDDLE) ** 2 / MIDDLE;
}

/** Central differences, one-sided at the borders. */
function slope(values: Float64Array, i: number, place: number, step: number): number {
  if (place === 0) return values[i + step] - values[i];
  if (place === SIDE - 1) return values[i] - values[i - step];
  return (values[i + step] - values[i - step]) / 2;
}

/**
 * Solves matrix · weights = right by Cholesky's decomposition.
 * @returns the weights, and weights · right
 */
function solve(matrix: Float64Array, right: Float64Array): [weights: Float64Array, fitted: number] {
  const lower = matrix.slice();
  const weights = right.slice();
  const at = (p: number, q: number) => p * REGRESSORS + q;
  for (let p = 0; p < REGRESSORS; p++) {
    for (let q = 0; q <= p; q++) {
      let sum = lower[at(p, q)];
      for (let k = 0; k < q; k++) sum -= lower[at(p, k)] * lower[at(q, k)];
      lower[at(p, q)] = p === q ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / lower[at(q, q)];
    }
    for (let k = 0; k < p; k++) weights[p] -= lower[at(p, k)] * weights[k];
    weights[p] /= lower[at(p, p)];
  }
  for (let p = REGRESSORS - 1; p >= 0; p--) {
    for (let k = p + 1; k < REGRESSORS; k++) weights[p] -= lower[at(k, p)] * weights[k];
    weights[p] /= lower[at(p, p)];
  }
  return [weights, weights.reduce((sum, weight, p) => sum + weight * right[p], 0)];
}
