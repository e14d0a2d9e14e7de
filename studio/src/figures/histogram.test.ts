import { expect, it } from "vitest";
import { histogramOf, meanAndDeviation } from "./histogram.ts";

it("counts values in intervals, and those beyond them", () => {
  const values = [-2, -1, -0.9, 0, 0.49, 0.5, 1, 1.01, NaN, Infinity];
  // Four intervals of 0.5 from -1 to 1: [-1, -0.5), [-0.5, 0), [0, 0.5), [0.5, 1].
  expect(histogramOf(values, [-1, 1], 4)).toEqual({
    counts: [2, 0, 2, 2],
    range: [-1, 1],
    below: 1,
    above: 3,
  });
});

it("counts each value once", () => {
  const values = Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i));
  const { counts, below, above } = histogramOf(values, [-0.5, 0.7], 13);
  expect(counts.reduce((sum, count) => sum + count, below + above)).toBe(1000);
});

it("computes mean and deviation", () => {
  // Mean 5; squared differences 9 + 1 + 1 + 9 = 20; 20 / 4 = 5.
  expect(meanAndDeviation([2, 4, 6, 8])).toEqual({ mean: 5, deviation: Math.sqrt(5) });
});
