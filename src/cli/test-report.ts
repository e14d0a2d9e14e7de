/** @file The results on test data as tables for the terminal, at most 80 columns wide. */

import type { TestResult } from "../runs/index.ts";
import { formatConfusionMatrix } from "./terminal-charts.ts";
import { colorsOf, type TextStream } from "./terminal.ts";
import { formatCount, formatPercent, formatTable, printable, shorten } from "./text.ts";

/** Figures, scores for each class, and the confusion matrix. */
export function formatTestReport(test: TestResult, stream: TextStream): string {
  const { bold } = colorsOf(stream);
  return [
    bold(`Test: accuracy ${formatPercent(test.accuracy)}`) +
      `   macro F1 ${test.macroF1.toFixed(4)}   loss ${test.loss.toFixed(4)}   ` +
      `${formatCount(test.examples)} examples`,
    "",
    ...formatClassScores(test),
    "",
    ...formatConfusionMatrix(
      test.confusionMatrix,
      test.classes.map(({ name }) => name),
      stream,
    ),
  ].join("\n");
}

function formatClassScores(test: TestResult): string[] {
  const scores = test.classes.map(({ name, precision, recall, f1, support }) => [
    shorten(printable(name), 30),
    precision.toFixed(4),
    recall.toFixed(4),
    f1.toFixed(4),
    formatCount(support),
  ]);
  const macro = [test.macroPrecision, test.macroRecall, test.macroF1].map((score) => score.toFixed(4));
  return formatTable([
    ["class", "precision", "recall", "F1", "examples"],
    ...scores,
    ["macro mean", ...macro, formatCount(test.examples)],
  ]);
}
