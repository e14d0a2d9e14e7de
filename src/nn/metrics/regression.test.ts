import { describe, expect, it } from "vitest";
import {
  meanAbsoluteError,
  meanAbsoluteErrorMetric,
  meanSquaredError,
  meanSquaredErrorMetric,
  r2,
  r2Metric,
  rootMeanSquaredError,
  rootMeanSquaredErrorMetric,
} from "./index.ts";

const OUTPUTS = new Float32Array([2.5, 0, 2, 8]);
const TARGETS = [3, -0.5, 2, 7];

describe("regression metrics", () => {
  it("meanAbsoluteError: (0.5 + 0.5 + 0 + 1) / 4", () => {
    expect(meanAbsoluteError(OUTPUTS, TARGETS)).toBe(0.5);
  });

  it("meanSquaredError: (0.25 + 0.25 + 0 + 1) / 4", () => {
    expect(meanSquaredError(OUTPUTS, TARGETS)).toBe(0.375);
  });

  it("rootMeanSquaredError: the root of that", () => {
    expect(rootMeanSquaredError(OUTPUTS, TARGETS)).toBe(Math.sqrt(0.375));
  });

  it("r2: mean 2.875; 1 - 1.5 / (0.015625 + 11.390625 + 0.765625 + 17.015625)", () => {
    // = 1 - 1.5/29.1875; scikit-learn 1.9.1's r2_score gave 0.9486081370449679.
    expect(r2(OUTPUTS, TARGETS)).toBeCloseTo(1 - 1.5 / 29.1875, 14);
  });

  it("r2 is 0 for the mean, below 0 for worse", () => {
    expect(r2(new Float32Array([2, 2]), [1, 3])).toBe(0);
    // Residual (1-3)² + (3-1)² = 8, total 2: 1 - 4.
    expect(r2(new Float32Array([3, 1]), [1, 3])).toBe(-3);
  });

  it("r2 of constant targets is 1 if exact, else 0", () => {
    expect(r2(new Float32Array([2, 2]), [2, 2])).toBe(1);
    expect(r2(new Float32Array([2, 3]), [2, 2])).toBe(0);
  });

  it("r2 keeps its digits where the targets lie far from zero", () => {
    // Targets 1e8 + {-1, 0, 1, 0}, total 2; float32 outputs all 1e8, residual 2: R² is 0. The sum of
    // squares, 4e16, has a spacing of 8, so the formula Σt² - n·mean² could not tell.
    expect(r2(new Float32Array(4).fill(1e8), [1e8 - 1, 1e8, 1e8 + 1, 1e8])).toBeCloseTo(0, 6);
  });

  it.each([
    { metric: meanAbsoluteErrorMetric(), whole: 0.5 },
    { metric: meanSquaredErrorMetric(), whole: 0.375 },
    { metric: rootMeanSquaredErrorMetric(), whole: Math.sqrt(0.375) },
    { metric: r2Metric(), whole: 1 - 1.5 / 29.1875 },
  ])("$metric.name over uneven batches is that of the whole, also after reset", ({ metric, whole }) => {
    for (let round = 0; round < 2; round++) {
      metric.reset();
      metric.update(OUTPUTS.subarray(0, 1), TARGETS.slice(0, 1));
      metric.update(OUTPUTS.subarray(1), TARGETS.slice(1));
      expect(metric.result()).toBeCloseTo(whole, 14);
    }
  });

  it("pass a NaN on: the error of NaN is NaN", () => {
    expect(meanSquaredError(new Float32Array([NaN, 1]), [1, 1])).toBeNaN();
    expect(meanAbsoluteError(new Float32Array([NaN, 1]), [1, 1])).toBeNaN();
    expect(r2(new Float32Array([NaN, 1]), [1, 2])).toBeNaN();
  });

  it("refuse lengths that do not fit, and too few examples", () => {
    expect(() => meanAbsoluteError(OUTPUTS, [1])).toThrow(/meanAbsoluteError: .*4 outputs, 1 targets/);
    expect(() => meanSquaredErrorMetric().result()).toThrow(
      /meanSquaredError: needs at least 1 example; got 0/,
    );
    expect(() => r2(new Float32Array([1]), [1])).toThrow(/r2: needs at least 2 examples; got 1/);
  });
});
