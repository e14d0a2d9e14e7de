import { describe, expect, it } from "vitest";
import { AuricleError } from "../../errors.ts";
import { accuracy, accuracyMetric, topKAccuracy, topKAccuracyMetric } from "./index.ts";

// Greatest outputs: 1, 0, 2 and (of two equals) 0.
const OUTPUTS = new Float32Array([0.1, 0.7, 0.2, /**/ 3, -1, 2, /**/ -9, -8, -7, /**/ 5, 5, 1]);

describe("accuracy", () => {
  it("is the part of examples whose greatest output is the label's", () => {
    expect(accuracy(OUTPUTS, [1, 0, 2, 0], 3)).toBe(1);
    expect(accuracy(OUTPUTS, [1, 2, 2, 0], 3)).toBe(0.75);
    expect(accuracy(OUTPUTS, Int32Array.from([0, 1, 0, 2]), 3)).toBe(0);
  });

  it("takes the first of equal outputs as the prediction", () => {
    expect(accuracy(OUTPUTS.subarray(9), [0], 3)).toBe(1);
    expect(accuracy(OUTPUTS.subarray(9), [1], 3)).toBe(0);
  });

  it("compares infinities", () => {
    expect(accuracy(new Float32Array([-Infinity, 0, Infinity]), [2], 3)).toBe(1);
  });

  it("counts over batches of different sizes, and forgets at reset", () => {
    const metric = accuracyMetric({ classes: 3 });
    metric.update(OUTPUTS.subarray(0, 9), [1, 0, 0]);
    metric.update(OUTPUTS.subarray(9), [0]);
    // (1 + 1 + 0 + 1) / 4, not the mean of 2/3 and 1.
    expect(metric.result()).toBe(0.75);
    metric.reset();
    metric.update(OUTPUTS.subarray(0, 3), [2]);
    expect(metric.result()).toBe(0);
  });
});

describe("topKAccuracy", () => {
  it("is the part of examples whose label is among the k greatest", () => {
    // Orders: 1,2,0; 0,2,1; 2,1,0; 0,1,2. Places of the labels: 3rd, 2nd, 2nd, 1st.
    const labels = [0, 2, 1, 0];
    expect(topKAccuracy(OUTPUTS, labels, 3, 1)).toBe(0.25);
    expect(topKAccuracy(OUTPUTS, labels, 3, 2)).toBe(0.75);
    expect(topKAccuracy(OUTPUTS, labels, 3, 3)).toBe(1);
  });

  it("ranks lower classes first among equals, so that k = 1 is the accuracy", () => {
    const equal = new Float32Array(6);
    expect([0, 1, 2, 3, 4, 5].map((label) => topKAccuracy(equal, [label], 6, 2))).toEqual([1, 1, 0, 0, 0, 0]);
  });

  it("takes five by default", () => {
    const falling = new Float32Array([6, 5, 4, 3, 2, 1]);
    expect(topKAccuracy(falling, [4], 6)).toBe(1);
    expect(topKAccuracy(falling, [5], 6)).toBe(0);
  });
});

describe("errors", () => {
  it.each([
    { label: 3, text: "3" },
    { label: -1, text: "-1" },
    { label: 0.5, text: "0.5" },
    { label: NaN, text: "NaN" },
  ])("name the index and the value of label $label", ({ label, text }) => {
    const call = () => accuracy(OUTPUTS, [1, 0, label, 0], 3);
    expect(call).toThrow(AuricleError);
    expect(call).toThrow(`accuracy: a label must be a whole number in 0 … 2; got labels[2] = ${text}`);
  });

  it("name lengths that do not fit", () => {
    expect(() => accuracy(OUTPUTS, [1, 0], 3)).toThrow(/got 12 outputs, 2 labels, 3 classes/);
  });

  it("name the example and the class of a NaN, which would make any answer right or wrong", () => {
    const outputs = OUTPUTS.slice();
    outputs[7] = NaN;
    expect(() => topKAccuracy(outputs, [1, 0, 2, 0], 3, 2)).toThrow(/topKAccuracy: .*example 2, class 1/);
  });

  it("leave the sums as they were", () => {
    const metric = accuracyMetric({ classes: 3 });
    metric.update(OUTPUTS, [1, 0, 2, 0]);
    expect(() => metric.update(OUTPUTS, [0, 0, 0, 9])).toThrow(AuricleError);
    expect(metric.result()).toBe(1);
  });

  it("refuse to give a figure for no examples", () => {
    expect(() => accuracyMetric({ classes: 3 }).result()).toThrow(
      /accuracy: needs at least 1 example; got 0/,
    );
  });

  it("refuse k and classes that make no sense", () => {
    expect(() => topKAccuracyMetric({ classes: 3 })).toThrow(/k must be .* 1 … 3, .*; got 5/);
    expect(() => topKAccuracyMetric({ classes: 3, k: 0 })).toThrow(/got 0/);
    expect(() => accuracyMetric({ classes: 0 })).toThrow(/accuracy: classes must be .*; got 0/);
  });
});
