/** @file One figure of several runs by epoch, as curves of characters in one plot. */

import type { EpochMetrics, ListedRun } from "../runs/index.ts";
import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import { axisWith, finite, formatPlot, joined } from "./terminal-plot.ts";
import { printable, shorten } from "./text.ts";

/** The figures that can be drawn, and their titles. */
const TITLES = {
  loss: "Training loss",
  accuracy: "Training accuracy",
  validationLoss: "Validation loss",
  validationAccuracy: "Validation accuracy",
  validationMacroF1: "Validation macro F1",
  learningRate: "Learning rate",
} as const satisfies Partial<Record<keyof EpochMetrics, string>>;

export type RunMetric = keyof typeof TITLES;

export const RUN_METRICS = Object.keys(TITLES) as readonly RunMetric[];

/** Curves with a letter each; more would not be told apart. */
const LETTERS = "abcdefgh";

/** Characters of a name in the legend at most. */
const LONGEST_NAME = 24;

/**
 * Returns the plot's lines, each run a letter. None where no run has two epochs with the figure.
 * @param runs the best first; those beyond the eighth are not drawn, which a line says
 * @param metric default: the validation loss, or the training loss where no run has one
 */
export function formatRunCurves(
  runs: readonly ListedRun[],
  metric: RunMetric | undefined,
  stream: TextStream,
): string[] {
  const curvesOf = (name: RunMetric) =>
    runs
      .map((run) => ({ run, values: run.history.map((epoch) => epoch[name]) }))
      .filter(({ values }) => finite(values).length > 1);
  const validated = curvesOf("validationLoss");
  const chosen = metric ?? (validated.length > 0 ? "validationLoss" : "loss");
  const curves = curvesOf(chosen);
  if (curves.length === 0) return [];
  const drawn = curves.slice(0, LETTERS.length);
  const epochs = Math.max(...drawn.map(({ values }) => values.length));
  const { cyan, yellow, green, magenta, red, blue, dim } = colorsOf(stream);
  const colors = [cyan, yellow, green, magenta, red, blue];
  const series = drawn.map(({ run, values }, i) => ({
    name: shorten(printable(run.name), LONGEST_NAME),
    values: Array.from({ length: epochs }, (_, epoch) => values.at(epoch) ?? null),
    mark: LETTERS[i],
    color: colors[i % colors.length],
  }));
  // The best run is drawn over the others, and named first.
  const plot = formatPlot(
    { title: TITLES[chosen], series, axis: axisWith("epoch 1", String(epochs)), top: "first" },
    widthOf(stream),
    stream,
  );
  const left = curves.length - drawn.length;
  const note = left > 0 ? [dim(`${left} more ${left === 1 ? "run is" : "runs are"} not drawn.`)] : [];
  return [...plot.map(joined), ...note];
}
