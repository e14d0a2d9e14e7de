import { expect, it } from "vitest";
import type { TestResult } from "../runs/index.ts";
import { formatTestReport } from "./test-report.ts";
import { FakeStream } from "./testing/fake-stream.ts";

/** 8 + 1 right of 10: accuracy 0.9. Class a: precision 8/8, recall 8/9; class b: precision 1/2, recall 1/1. */
const TWO_CLASSES: TestResult = {
  examples: 10,
  loss: 0.25,
  accuracy: 0.9,
  macroPrecision: 0.75,
  macroRecall: 17 / 18,
  // F1 of a is 16/17, of b 2/3.
  macroF1: (16 / 17 + 2 / 3) / 2,
  classes: [
    { name: "a long name", precision: 1, recall: 8 / 9, f1: 16 / 17, support: 9 },
    { name: "b", precision: 0.5, recall: 1, f1: 2 / 3, support: 1 },
  ],
  confusionMatrix: [
    [8, 1],
    [0, 1],
  ],
};

it("shows figures, scores by class and the confusion matrix", () => {
  expect(formatTestReport(TWO_CLASSES, new FakeStream()).split("\n")).toEqual([
    "Test: accuracy 90.00 %   macro F1 0.8039   loss 0.2500   10 examples",
    "",
    "class        precision  recall      F1  examples",
    "a long name     1.0000  0.8889  0.9412         9",
    "b               0.5000  1.0000  0.6667         1",
    "macro mean      0.7500  0.9444  0.8039        10",
    "",
    "Confusion matrix: rows are the true classes, columns the predicted ones",
    "            a long name           b",
    "a long name           8           1",
    "b                     ·           1",
  ]);
});
