/** @file Maps by UMAP: groups that are far apart stay apart, and a seed gives one map. */
import { expect, it } from "vitest";
import { Generator } from "../random/generator.ts";
import { floatArray, type FloatArray } from "../tensor/array.ts";
import { umap } from "./index.ts";

/** Three groups of 12 vectors of 10 numbers, 20 deviations apart. */
function groups(): FloatArray {
  const generator = new Generator(5);
  return floatArray(
    Array.from({ length: 36 * 10 }, (_, i) => {
      const group = Math.floor(i / 120);
      return (i % 10 === group ? 20 : 0) + generator.normal();
    }),
    [36, 10],
  );
}

it("puts each example nearest to one of its group", async () => {
  const { shape, data } = await umap(groups(), { neighbors: 6, epochs: 200 });
  expect(shape).toEqual([36, 2]);
  const distance = (a: number, b: number) =>
    Math.hypot(data[2 * a] - data[2 * b], data[2 * a + 1] - data[2 * b + 1]);
  const others = [...Array(36).keys()];
  for (const one of others) {
    const nearest = others
      .filter((other) => other !== one)
      .reduce((best, other) => (distance(one, other) < distance(one, best) ? other : best));
    expect(Math.floor(nearest / 12)).toBe(Math.floor(one / 12));
  }
});

it("is the same for a seed, and another for another", async () => {
  const options = { neighbors: 5, epochs: 20, seed: 3 };
  const first = await umap(groups(), options);
  expect(await umap(groups(), options)).toEqual(first);
  expect(await umap(groups(), { ...options, seed: 4 })).not.toEqual(first);
});

it("takes as few as four examples, and equal ones", async () => {
  const few = await umap(floatArray([1, 2, 1, 2, 1, 2, 1, 2], [4, 2]), { epochs: 5 });
  expect(few.data.every(Number.isFinite)).toBe(true);
});

it.each<readonly [FloatArray, object, string]>([
  [floatArray([1, 2, 3], [3, 1]), {}, "umap: takes [N, D] of at least four examples; got [3,1]"],
  [floatArray([1, 2, 3, NaN], [4, 1]), {}, "umap: example 3 has a NaN or an infinity"],
  [floatArray([1, 2, 3, 4], [4, 1]), { neighbors: 4 }, "neighbors must be in 2 … 3 for 4 examples; got 4"],
  [floatArray([1, 2, 3, 4], [4, 1]), { minDistance: 2 }, "minDistance must be in 0 … 1; got 2"],
  [floatArray([1, 2, 3, 4], [4, 1]), { seed: -1 }, "seed must be a whole number from 0; got -1"],
])("refuses what makes no sense", async (values, options, message) => {
  await expect(umap(values, options)).rejects.toThrow(message);
});
