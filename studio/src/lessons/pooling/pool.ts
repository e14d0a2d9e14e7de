/** @file The moves that the reader makes with the input of a pooling layer, and how its output is read. */
import { Generator } from "auricle";

/** A matrix, row by row. */
export interface Matrix {
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** A small feature map, 8 × 8, as a filter for slanted edges leaves it behind ReLU; it has two equal maxima in one window. */
const FEATURE_MAP = [
  "00000000",
  "02574100",
  "00136930",
  "00002840",
  "00006610",
  "00193000",
  "00820000",
  "00000000",
];

export function featureMap(): Matrix {
  return { values: Float32Array.from(FEATURE_MAP.join(""), Number), rows: 8, columns: 8 };
}

/**
 * Moves a matrix down and to the right (up and to the left below 0).
 * @param fill the values that come in: zeros, as silence does, or the edge again, as a picture goes on beyond its frame
 */
export function shifted(
  { values, rows, columns }: Matrix,
  down: number,
  right: number,
  fill: "zeros" | "edge",
): Matrix {
  const moved = new Float32Array(values.length);
  const within = (at: number, size: number) => Math.min(size - 1, Math.max(0, at));
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [y, x] = [within(row - down, rows), within(column - right, columns)];
      const isInside = y === row - down && x === column - right;
      moved[row * columns + column] = isInside || fill === "edge" ? values[y * columns + x] : 0;
    }
  }
  return { values: moved, rows, columns };
}

/**
 * Puts the values within each window into another order, where windows touch and do not overlap. What is left over at the end of an
 * axis stays. Pooling does not notice.
 */
export function scrambled(
  { values, rows, columns }: Matrix,
  window: readonly [rows: number, columns: number],
  seed: number,
): Matrix {
  const mixed = values.slice();
  const generator = new Generator(seed);
  for (let top = 0; top + window[0] <= rows; top += window[0]) {
    for (let left = 0; left + window[1] <= columns; left += window[1]) {
      const places = placesOf([top, left], window, columns);
      generator.shuffle(places.slice()).forEach((from, i) => (mixed[places[i]] = values[from]));
    }
  }
  return { values: mixed, rows, columns };
}

/** The indices of a window's values, row by row. */
export function placesOf(
  corner: readonly [row: number, column: number],
  window: readonly [rows: number, columns: number],
  columns: number,
): number[] {
  return Array.from(
    { length: window[0] * window[1] },
    (_, i) => (corner[0] + Math.floor(i / window[1])) * columns + corner[1] + (i % window[1]),
  );
}

/** The place of the largest value; of equal ones the first, to which the engine gives the gradient too. */
export function winnerOf(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
}

export interface Difference {
  /** How many values differ, by more than a ten-thousandth of the range: sums in another order differ in their last bits. */
  readonly changed: number;
  readonly count: number;
  /** The mean size of the differences. */
  readonly mean: number;
}

export function differenceOf(before: Float32Array, after: Float32Array): Difference {
  let [low, high] = [Infinity, -Infinity];
  for (const value of before) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const tolerance = 1e-4 * (high - low);
  let [changed, sum] = [0, 0];
  before.forEach((value, i) => {
    const size = Math.abs(value - after[i]);
    if (size > tolerance) changed++;
    sum += size;
  });
  return { changed, count: before.length, mean: sum / Math.max(1, before.length) };
}
