/** @file The results on test data as tables for the terminal, at most 80 columns wide. */

import type { TestResult } from "../runs/index.ts";
import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import { formatCount, formatPercent, formatTable, padEnd, padStart, shorten } from "./text.ts";

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
    ...formatConfusionMatrix(test, stream),
  ].join("\n");
}

function formatClassScores(test: TestResult): string[] {
  const scores = test.classes.map(({ name, precision, recall, f1, support }) => [
    shorten(name, 30),
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

/** Rows are true classes and columns predicted ones, where they fit; otherwise the most frequent mistakes. */
function formatConfusionMatrix(test: TestResult, stream: TextStream): string[] {
  const names = test.classes.map(({ name }) => name);
  const largest = Math.max(...test.confusionMatrix.flat());
  const digits = Math.max(String(largest).length, String(names.length - 1).length);
  const numberWidth = String(names.length - 1).length;
  const room = widthOf(stream) - numberWidth - 1 - names.length * (digits + 1);
  if (room < 8) return formatMistakes(test);
  const labelWidth = Math.min(room, Math.max(...names.map((name) => [...name].length)));
  const { bold, dim } = colorsOf(stream);
  const heading = names.map((_, column) => padStart(String(column), digits + 1)).join("");
  const rows = test.confusionMatrix.map((row, truth) => {
    const cells = row.map((count, guess) => {
      const cell = padStart(count === 0 ? "·" : String(count), digits + 1);
      if (truth === guess) return bold(cell);
      return count === 0 ? dim(cell) : cell;
    });
    const label = `${padStart(String(truth), numberWidth)} ${shorten(names[truth], labelWidth)}`;
    return padEnd(label, numberWidth + 1 + labelWidth) + cells.join("");
  });
  return [
    "Confusion matrix: rows are the true classes, columns the predicted ones",
    `${" ".repeat(numberWidth + 1 + labelWidth)}${heading}`,
    ...rows,
  ];
}

/** How many kinds of mistakes are listed where the matrix is too wide. */
const MISTAKES = 10;

function formatMistakes(test: TestResult): string[] {
  const mistakes = test.confusionMatrix
    .flatMap((row, truth) => row.map((count, guess) => ({ truth, guess, count })))
    .filter(({ truth, guess, count }) => truth !== guess && count > 0)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.guess - b.guess)
    .slice(0, MISTAKES);
  const name = (index: number) => shorten(test.classes[index].name, 28);
  return [
    "The most frequent mistakes (the whole confusion matrix is in result.json)",
    ...formatTable(
      [
        ["true class", "predicted", "examples"],
        ...mistakes.map(({ truth, guess, count }) => [name(truth), name(guess), formatCount(count)]),
      ],
      "ll",
    ),
  ];
}
