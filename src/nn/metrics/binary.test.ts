import { describe, expect, it } from "vitest";
import {
  binaryAccuracy,
  binaryAccuracyMetric,
  f1,
  f1Metric,
  precision,
  precisionMetric,
  recall,
  recallMetric,
} from "./index.ts";

// Four examples with three yes-or-no outputs. At 0.5, which itself is a no: 5 true and 1 false positives, 3 false negatives,
// 3 true negatives. Keras 3.15.1 gave 0.6666667, 0.8333333, 0.625 and 0.7142857 (F1Score with average="micro").
const OUTPUTS = Float32Array.of(0.9, 0.2, 0.6, 0.4, 0.7, 0.5, 0.1, 0.8, 0.51, 0.3, 0.45, 0.95);
const TARGETS = [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1];

const FIGURES = [
  ["binaryAccuracy", binaryAccuracy, binaryAccuracyMetric, 8 / 12],
  ["precision", precision, precisionMetric, 5 / 6],
  ["recall", recall, recallMetric, 5 / 8],
  ["f1", f1, f1Metric, 10 / 14],
] as const;

describe.each(FIGURES)("%s", (name, figure, make, expected) => {
  it("is Keras'", () => {
    expect(figure(OUTPUTS, TARGETS)).toBe(expected);
  });

  it("is that of the whole over uneven batches, also after reset", () => {
    const metric = make();
    for (let round = 0; round < 2; round++) {
      metric.reset();
      metric.update(OUTPUTS.subarray(0, 3), TARGETS.slice(0, 3));
      metric.update(OUTPUTS.subarray(3), TARGETS.slice(3));
      expect(metric.result()).toBe(expected);
    }
  });

  it("refuses lengths that do not fit, NaN, no outputs and other options", () => {
    expect(() => figure(OUTPUTS, [1])).toThrow(`${name}: there must be one target for each output`);
    expect(() => figure(Float32Array.of(1, NaN), [1, 0])).toThrow(`${name}: outputs must be comparable`);
    expect(() => make().result()).toThrow(`${name}: needs at least 1 example`);
    expect(() => make({ threshold: NaN })).toThrow(`${name}: threshold must be a finite number; got NaN`);
    const options: object = { thresholds: 0.5 };
    expect(() => make(options)).toThrow(`${name}: options are threshold; got "thresholds"`);
  });
});

it("the threshold can be another", () => {
  // At 0.3: 7 true and 2 false positives, 1 false negative. Keras gave 0.75, 0.7777778 and 0.875.
  expect(binaryAccuracy(OUTPUTS, TARGETS, 0.3)).toBe(0.75);
  expect(precision(OUTPUTS, TARGETS, 0.3)).toBe(7 / 9);
  expect(recall(OUTPUTS, TARGETS, 0.3)).toBe(7 / 8);
});

it("0/0 is 0", () => {
  const none = Float32Array.of(0, 0);
  expect([precision(none, [1, 0]), recall(none, [0, 0]), f1(none, [0, 0])]).toEqual([0, 0, 0]);
});
