import { expect, it } from "vitest";
import { balancedClassWeights } from "./index.ts";

it("balancedClassWeights are inverse to the number of examples, with mean 1 over these", () => {
  // scikit-learn's example: 4 / (2 · 3) and 4 / (2 · 1).
  expect(balancedClassWeights([0, 0, 0, 1], 2)).toEqual([2 / 3, 2]);
  const labels = [0, 2, 2, 1, 2, 2, 0, 2];
  const weights = balancedClassWeights(labels, 3);
  expect(labels.reduce((sum, label) => sum + weights[label], 0)).toBeCloseTo(8, 14);
});

it("balancedClassWeights do not count classes that nobody has", () => {
  expect(balancedClassWeights(Int32Array.of(0, 0, 0, 3), 5)).toEqual([2 / 3, 0, 0, 2, 0]);
});

it("balancedClassWeights refuse labels out of range and no labels", () => {
  expect(() => balancedClassWeights([0, 2], 2)).toThrow(/in 0 … 1; got labels\[1\] = 2/);
  expect(() => balancedClassWeights([0, 0.5], 2)).toThrow(/got labels\[1\] = 0.5/);
  expect(() => balancedClassWeights([], 2)).toThrow(/needs at least one label/);
});
