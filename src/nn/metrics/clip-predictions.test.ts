import { describe, expect, it } from "vitest";
import { floatArray } from "../../tensor/array.ts";
import { clipPredictions, outputPredictions } from "./index.ts";

const LOG_3 = Math.log(3);

describe("outputPredictions", () => {
  it("are softmax, sigmoid, or the numbers themselves", () => {
    const logits = floatArray([LOG_3, 0, 0, 0], [2, 2]);
    // 3 / (3 + 1), 1 / 4; 1/2 each
    [0.75, 0.25, 0.5, 0.5].forEach((value, i) =>
      expect(outputPredictions(logits, "softmax")[i]).toBeCloseTo(value, 7),
    );
    [0.75, 0.5, 0.5, 0.5].forEach((value, i) =>
      expect(outputPredictions(logits, "sigmoid")[i]).toBeCloseTo(value, 7),
    );
    expect(outputPredictions(floatArray([2, -3], [2, 1]), "linear")).toEqual(Float64Array.of(2, -3));
  });

  it("do not overflow", () => {
    expect(outputPredictions(floatArray([1000, 0], [1, 2]), "softmax")).toEqual(Float64Array.of(1, 0));
    expect(outputPredictions(floatArray([-1000, 1000], [1, 2]), "sigmoid")).toEqual(Float64Array.of(0, 1));
  });
});

describe("clipPredictions", () => {
  it("are the means of the windows' probabilities", () => {
    const outputs = floatArray([LOG_3, 0, 0, LOG_3, 0, 0, LOG_3, 0], [4, 2]);
    const clips = clipPredictions(outputs, [1, 0, 1, 1], 2, "softmax");
    expect(clips.shape).toEqual([2, 2]);
    // Clip 0: window 1; clip 1: (0.75 + 0.5 + 0.75) / 3.
    [0.25, 0.75, 2 / 3, 1 / 3].forEach((value, i) => expect(clips.data[i]).toBeCloseTo(value, 6));
  });

  it("are means of numbers in a regression", () => {
    expect(clipPredictions(floatArray([120, 124], [2, 1]), [0, 0], 1, "linear")).toEqual(
      floatArray([122], [1, 1]),
    );
  });

  it("refuse clips without windows, and windows without clips", () => {
    const outputs = floatArray([0, 0], [2, 1]);
    expect(() => clipPredictions(outputs, [0], 1, "linear")).toThrow(/each of the 2 windows .* got 1/);
    expect(() => clipPredictions(outputs, [0, 2], 2, "linear")).toThrow(/in 0 … 1; got 2 for window 1/);
    expect(() => clipPredictions(outputs, [0, 2], 3, "linear")).toThrow(/got none of clip 1/);
  });
});
