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
    "              0 1",
    "0 a long name 8 1",
    "1 b           · 1",
  ]);
});

/** `count` classes, each with `right` examples on the diagonal and one taken for the next class. */
function manyClasses(count: number, right: number): TestResult {
  const confusionMatrix = Array.from({ length: count }, (_, truth) =>
    Array.from({ length: count }, (_, guess) =>
      guess === truth ? right : guess === truth + 1 ? truth + 1 : 0,
    ),
  );
  const classes = Array.from({ length: count }, (_, c) => ({
    name: `a class with quite a long name, number ${c}`,
    precision: 1,
    recall: 1,
    f1: 1,
    support: right,
  }));
  return { ...TWO_CLASSES, classes, confusionMatrix };
}

it("stays within 80 columns for ten classes of a thousand examples, with long names", () => {
  const lines = formatTestReport(manyClasses(10, 1000), new FakeStream()).split("\n");
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
  // The row of the last class: its number, its name cut, nine zeros, and the diagonal.
  expect(lines.at(-1)).toMatch(/^9 a class with quite a long n…( {4}·){9} 1000$/);
});

it("lists the most frequent mistakes where the matrix would be too wide", () => {
  const lines = formatTestReport(manyClasses(50, 100), new FakeStream()).split("\n");
  const start = lines.findIndex((line) => line.startsWith("The most frequent mistakes"));
  // Class 48 is taken for 49 most often, 49 times; ten mistakes and a heading follow.
  expect(lines[start + 2]).toMatch(/ 49$/);
  expect(lines).toHaveLength(start + 12);
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
});
