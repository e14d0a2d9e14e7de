import { expect, it } from "vitest";
import {
  drawnValues,
  lastFinite,
  nearestIndex,
  placeOn,
  rangeOfLines,
  sampledIndices,
  spreadLabels,
  trailingMeans,
  valueAt,
} from "./line-chart.ts";

it.each([
  { lines: [[0.13, 2.31]], wanted: [0, 2.5] },
  { lines: [[3, NaN, 7], [Infinity]], wanted: [3, 7] },
  { lines: [[5, 5]], wanted: [4.4, 5.6] },
  { lines: [], wanted: [0, 1] },
])("a linear axis for $lines reaches over $wanted", ({ lines, wanted: [low, high] }) => {
  const [first, last] = rangeOfLines(lines);
  const values = lines.flat().filter(Number.isFinite);
  for (const value of values) {
    expect(first).toBeLessThanOrEqual(value);
    expect(last).toBeGreaterThanOrEqual(value);
  }
  expect(first).toBeCloseTo(low, 6);
  expect(last).toBeCloseTo(high, 6);
});

it.each([
  { line: [0.013, 0.4], wanted: [0.01, 0.5] },
  { line: [0, -1, 3], wanted: [2, 5] },
  { line: [10, 10], wanted: [10, 20] },
  { line: [2e-7, 90], wanted: [2e-7, 100] },
  { line: [0, -1], wanted: [0.1, 1] },
])("a logarithmic axis for $line goes from $wanted.0 to $wanted.1", ({ line, wanted }) => {
  const range = rangeOfLines([line], true);
  expect(range[0] / wanted[0]).toBeCloseTo(1, 9);
  expect(range[1] / wanted[1]).toBeCloseTo(1, 9);
});

it("finds places on an axis, and values at places", () => {
  expect(placeOn(5, [0, 10])).toBe(0.5);
  expect(placeOn(0.1, [0.01, 1], true)).toBeCloseTo(0.5, 12);
  for (const isLogarithmic of [false, true]) {
    for (const value of [0.02, 0.5, 1, 3]) {
      const place = placeOn(value, [0.01, 2], isLogarithmic);
      expect(valueAt(place, [0.01, 2], isLogarithmic)).toBeCloseTo(value, 12);
    }
  }
});

it("finds the nearest of rising values, as a search through all of them does", () => {
  const rising = [0, 1, 2, 5, 9, 9.5];
  for (let value = -1; value < 11; value += 0.3) {
    const nearest = rising.reduce(
      (best, at, i) => (Math.abs(at - value) < Math.abs(rising[best] - value) ? i : best),
      0,
    );
    expect(rising[nearestIndex(rising, value)]).toBe(rising[nearest]);
  }
  expect(nearestIndex([4], 7)).toBe(0);
});

it("finds the last finite value", () => {
  expect(lastFinite([1, 2, NaN])).toBe(1);
  expect(lastFinite([1, 2, 3], 0)).toBe(0);
  expect(lastFinite([NaN, Infinity])).toBe(-1);
  expect(lastFinite([])).toBe(-1);
});

it("moves labels apart, in their order, within the limits", () => {
  expect(spreadLabels([10, 50], 12, [0, 100])).toEqual([10, 50]);
  expect(spreadLabels([50, 50], 12, [0, 100])).toEqual([44, 56]);
  expect(spreadLabels([99, 98], 12, [0, 100])).toEqual([100, 88]);
  expect(spreadLabels([0, 1, 2, 3], 50, [0, 90])).toEqual([0, 30, 60, 90]);
  const wanted = [3, 80, 4, 41, 40, 39, 79, -20];
  const spread = spreadLabels(wanted, 10, [0, 100]);
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  for (let i = 1; i < order.length; i++) {
    expect(spread[order[i]] - spread[order[i - 1]]).toBeGreaterThan(10 - 1e-6);
  }
  expect(Math.min(...spread)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...spread)).toBeLessThanOrEqual(100);
});

it("takes some of many rows, the first and the last among them", () => {
  expect(sampledIndices(3, 5)).toEqual([0, 1, 2]);
  expect(sampledIndices(101, 5)).toEqual([0, 25, 50, 75, 100]);
});

it("draws nothing where there is no value, nor on a logarithmic axis at 0", () => {
  expect(drawnValues([1, NaN, 0], 4, false)).toEqual([1, null, 0, null]);
  expect(drawnValues([1, NaN, 0], 3, true)).toEqual([1, null, null]);
});

it("means over the last values, until one is none", () => {
  expect(trailingMeans([1, 3, 5, 7], 2)).toEqual([1, 2, 4, 6]);
  expect(trailingMeans([2, NaN, NaN], 3)).toEqual([2, NaN, NaN]);
});
