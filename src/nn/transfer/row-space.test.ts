import { expect, it } from "vitest";
import { deriveKey, Generator } from "../../random/generator.ts";
import { rowSpace } from "./row-space.ts";

/** Rows of which the later half are sums of the others. */
function rowsOf(count: number, width: number, free: number): Float32Array {
  const random = new Generator(deriveKey(count, "rows"));
  const rows = Float32Array.from({ length: count * width }, () => random.uniform() - 0.5);
  for (let row = free; row < count; row++) {
    for (let i = 0; i < width; i++) rows[row * width + i] = rows[(row % free) * width + i] * ((row % 3) - 1);
  }
  return rows;
}

function dot(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  at: readonly [number, number],
  width: number,
): number {
  return Array.from({ length: width }, (_, i) => a[at[0] * width + i] * b[at[1] * width + i]).reduce(
    (x, y) => x + y,
    0,
  );
}

// Odd numbers of rows, as products are computed two by four; wider than a part that is taken at once.
it.each([
  [1, 5, 1],
  [7, 40, 7],
  [10, 33, 4],
  [9, 1100, 9],
])("%i rows of %i numbers, %i of them free, keep their products", (count, width, free) => {
  const rows = rowsOf(count, width, free);
  const space = rowSpace(rows, width);
  expect(space.rank).toBe(free);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) {
      expect(dot(space.coordinates, space.coordinates, [i, j], free)).toBeCloseTo(
        dot(rows, rows, [i, j], width),
        5,
      );
    }
  }
  const weights = Float64Array.from({ length: free * 2 }, (_, i) => Math.sin(i + 1));
  const spread = space.toRows(weights, 2);
  const answer = (from: ArrayLike<number>, kernel: Float64Array, row: number, size: number) =>
    Array.from({ length: size }, (_, i) => from[row * size + i] * kernel[2 * i + 1]).reduce(
      (x, y) => x + y,
      0,
    );
  for (let row = 0; row < count; row++)
    expect(answer(rows, spread, row, width)).toBeCloseTo(answer(space.coordinates, weights, row, free), 5);
  const squares = (all: Float64Array) => all.reduce((sum, one) => sum + one ** 2, 0);
  expect(squares(spread)).toBeCloseTo(squares(weights), 5);
  space.toCoordinates(spread, 2).forEach((value, i) => expect(value).toBeCloseTo(weights[i], 5));
});

it("has no dimensions where all rows are nothing", () => {
  const { rank, coordinates, toRows } = rowSpace(new Float32Array(12), 4);
  expect([rank, coordinates.length]).toEqual([0, 0]);
  expect(toRows(new Float64Array(0), 3)).toEqual(new Float64Array(12));
});
