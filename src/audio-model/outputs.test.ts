import { describe, expect, it } from "vitest";
import { floatArray } from "../tensor/array.ts";
import { clipOutputs, indexOfLargest, inTargetUnits, windowLoss, windowOutputs } from "./outputs.ts";

describe("windowOutputs", () => {
  const raw = floatArray(Float32Array.of(0, Math.log(3), 1, 1), [2, 2]);

  it("makes probabilities of classes that sum to 1", () => {
    // e^0 : e^ln 3 = 1 : 3.
    const [first, second] = windowOutputs("classification", raw);
    expect(first[0]).toBeCloseTo(0.25, 6);
    expect(first[1]).toBeCloseTo(0.75, 6);
    expect(Array.from(second)).toEqual([0.5, 0.5]);
  });

  it("makes a probability of each tag", () => {
    const [first] = windowOutputs("tagging", raw);
    expect(first[0]).toBe(0.5);
    // 3 / (1 + 3).
    expect(first[1]).toBeCloseTo(0.75, 6);
  });

  it("leaves numbers as they are", () => {
    expect(windowOutputs("regression", raw)).toEqual([
      Float32Array.of(0, Math.log(3)),
      Float32Array.of(1, 1),
    ]);
  });
});

describe("windowLoss", () => {
  const outputs = Float32Array.of(0.25, 0.75);

  it("is the cross entropy of classes, also of mixed ones", () => {
    expect(windowLoss("classification", outputs, Float32Array.of(0, 1))).toBeCloseTo(-Math.log(0.75), 12);
    expect(windowLoss("classification", outputs, Float32Array.of(0.5, 0.5))).toBeCloseTo(
      -0.5 * Math.log(0.25) - 0.5 * Math.log(0.75),
      12,
    );
  });

  it("is the mean binary cross entropy of tags", () => {
    // Both tags are told with the probability 0.25 that is wanted for the absent one to be 0.75.
    expect(windowLoss("tagging", outputs, Float32Array.of(0, 0))).toBeCloseTo(
      -(Math.log(0.75) + Math.log(0.25)) / 2,
      12,
    );
  });

  it("is the mean squared error of numbers", () => {
    expect(windowLoss("regression", Float32Array.of(1, -1), Float32Array.of(0, 1))).toBe(2.5);
  });

  it("stays finite where a probability is 0", () => {
    // The least that is taken the logarithm of is 10^-12.
    expect(windowLoss("classification", Float32Array.of(1, 0), Float32Array.of(0, 1))).toBeCloseTo(
      12 * Math.LN10,
      9,
    );
  });
});

it("takes the mean over windows", () => {
  const windows = [Float32Array.of(1, 0), Float32Array.of(0.5, 0.5), Float32Array.of(0, 1)];
  expect(Array.from(clipOutputs(windows))).toEqual([0.5, 0.5]);
});

it("finds the first of the largest", () => {
  expect(indexOfLargest([0.2, 0.4, 0.4])).toBe(1);
  expect(indexOfLargest([3])).toBe(0);
});

it("gives numbers in the targets' units, and all else as it is", () => {
  const outputs = Float32Array.of(2, -1);
  const scale = [
    { mean: 10, deviation: 5 },
    { mean: 0, deviation: 0.5 },
  ];
  expect(Array.from(inTargetUnits(outputs, scale))).toEqual([20, -0.5]);
  expect(inTargetUnits(outputs, undefined)).toBe(outputs);
});
