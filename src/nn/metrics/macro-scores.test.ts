import { expect, it } from "vitest";
import { macroF1, macroF1Metric, macroPrecision, macroRecall } from "./index.ts";

// Predicted 0, 1, 1, 1, 0 of four classes.
const OUTPUTS = Float32Array.of(9, 1, 0, 0, 0, 5, 1, 2, -3, -1, -2, -4, 0, 1, 0, 0, 2, 1, 1, 1);
const LABELS = [0, 0, 1, 1, 2];

it("macroF1 is the mean over the classes that occur of the harmonic mean of precision and recall", () => {
  // Class 0: 2·1 / (2 + 2); class 1: 2·2 / (2 + 3); class 2 never right; class 3 never there: (1/2 + 4/5) / 3.
  // scikit-learn 1.9.1's f1_score(y, p, average="macro", zero_division=0) gave 0.43333333333333335.
  expect(macroF1(OUTPUTS, LABELS, 4)).toBeCloseTo(1.3 / 3, 14);
});

it("macroF1 over uneven batches is that of the whole, also after reset", () => {
  const metric = macroF1Metric({ classes: 4 });
  for (let round = 0; round < 2; round++) {
    metric.reset();
    metric.update(OUTPUTS.subarray(0, 12), LABELS.slice(0, 3));
    metric.update(OUTPUTS.subarray(12), LABELS.slice(3));
    expect(metric.result()).toBeCloseTo(1.3 / 3, 14);
  }
});

it("macroF1 refuses labels out of range and no examples", () => {
  expect(() => macroF1(OUTPUTS, [0, 0, 1, 1, 4], 4)).toThrow(/labels\[4\] = 4/);
  expect(() => macroF1Metric({ classes: 4 }).result()).toThrow(/macroF1: needs at least 1 example/);
});

it("macroPrecision and macroRecall are means over the classes that occur", () => {
  // Precision 1/2, 2/3, 0; recall 1/2, 1, 0. scikit-learn 1.9.1 gave 0.38888888888888884 and 0.5.
  expect(macroPrecision(OUTPUTS, LABELS, 4)).toBeCloseTo(7 / 18, 14);
  expect(macroRecall(OUTPUTS, LABELS, 4)).toBeCloseTo(0.5, 14);
  expect(() => macroRecall(OUTPUTS, LABELS, 0)).toThrow(
    "macroRecall: classes must be a whole number above 0",
  );
});
