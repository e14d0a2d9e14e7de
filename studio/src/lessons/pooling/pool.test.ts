import { expect, it } from "vitest";
import { compile, floatArray, Generator } from "auricle";
import { averagePool2d, gradients, maxPool2d, sum } from "auricle/ops";
import { differenceOf, featureMap, placesOf, scrambled, shifted, winnerOf, type Matrix } from "./pool.ts";

function pooled({ values, rows, columns }: Matrix, kind: "max" | "mean", window: [number, number]) {
  const pool = kind === "max" ? maxPool2d : averagePool2d;
  const run = compile(
    (x) => {
      const y = pool(x, { poolSize: window });
      return { y, dx: gradients(sum(y), [x])[0] };
    },
    [[1, rows, columns, 1]],
    { threads: 1 },
  );
  const { y, dx } = run(floatArray(values, [1, rows, columns, 1]));
  return { values: Float32Array.from(y.data), columns: y.shape[2], gradient: Float32Array.from(dx.data) };
}

const random = (rows: number, columns: number): Matrix => {
  const generator = new Generator(3);
  return {
    values: Float32Array.from({ length: rows * columns }, () => generator.normal()),
    rows,
    columns,
  };
};

it("moves values, and fills with zeros or with the edge", () => {
  const matrix = { values: Float32Array.of(1, 2, 3, 4, 5, 6), rows: 2, columns: 3 };
  expect([...shifted(matrix, 0, 1, "zeros").values]).toEqual([0, 1, 2, 0, 4, 5]);
  expect([...shifted(matrix, 0, 1, "edge").values]).toEqual([1, 1, 2, 4, 4, 5]);
  expect([...shifted(matrix, -1, 0, "zeros").values]).toEqual([4, 5, 6, 0, 0, 0]);
  expect([...shifted(matrix, 0, 0, "zeros").values]).toEqual([...matrix.values]);
});

it("scrambles within windows so that neither maximum nor mean changes, whatever the window", () => {
  for (const window of [
    [2, 2],
    [1, 4],
    [3, 2],
  ] as [number, number][]) {
    const matrix = random(9, 11);
    const mixed = scrambled(matrix, window, 5);
    expect(differenceOf(matrix.values, mixed.values).changed).toBeGreaterThan(20);
    for (const kind of ["max", "mean"] as const) {
      const [before, after] = [pooled(matrix, kind, window), pooled(mixed, kind, window)];
      expect(differenceOf(before.values, after.values).changed).toBe(0);
    }
  }
});

it("moves the output by one place when the input moves by the stride", () => {
  const before = pooled(random(8, 12), "max", [2, 2]);
  const after = pooled(shifted(random(8, 12), 0, 2, "zeros"), "max", [2, 2]);
  for (let row = 0; row < 4; row++) {
    for (let column = 1; column < before.columns; column++) {
      expect(after.values[row * 6 + column]).toBe(before.values[row * 6 + column - 1]);
    }
  }
});

it("finds the winner that the engine gives the gradient to, the first of equal ones", () => {
  const matrix = featureMap();
  for (const window of [
    [2, 2],
    [2, 4],
    [4, 4],
  ] as [number, number][]) {
    const { gradient } = pooled(matrix, "max", window);
    for (let top = 0; top < 8; top += window[0]) {
      for (let left = 0; left < 8; left += window[1]) {
        const places = placesOf([top, left], window, 8);
        const winner = winnerOf(places.map((place) => matrix.values[place]));
        expect(places.map((place) => gradient[place])).toEqual(places.map((_, i) => (i === winner ? 1 : 0)));
      }
    }
  }
});

it("has two equal maxima in one window of 2 × 2", () => {
  const { values } = featureMap();
  const tied = [0, 2, 4, 6].flatMap((top) =>
    [0, 2, 4, 6].filter((left) => {
      const window = placesOf([top, left], [2, 2], 8).map((place) => values[place]);
      const most = Math.max(...window);
      return most > 0 && window.filter((value) => value === most).length > 1;
    }),
  );
  expect(tied).toHaveLength(1);
});

it("counts differences beyond rounding", () => {
  expect(differenceOf(Float32Array.of(0, 1, 2), Float32Array.of(0, 1.00001, 3))).toMatchObject({
    changed: 1,
    count: 3,
  });
});
