/** @file Loss and accuracy by epoch as curves of characters. */

import type { EpochMetrics } from "../runs/index.ts";
import { colorsOf, widthOf, type TextStream } from "./terminal.ts";
import { axisWith, finite, formatPlot, joined, padded, type Plot } from "./terminal-plot.ts";

/** Between two plots side by side. */
const GAP = 3;

/** Below this width, plots stand one below the other. */
const LEAST_WIDTH_FOR_TWO = 64;

/**
 * Curves of loss and accuracy (of loss alone, where there is no accuracy): dots for training, a line for validation,
 * and a mark below the best epoch. No lines for fewer than two epochs, which make no curve.
 */
export function formatCurves(
  history: readonly EpochMetrics[],
  bestEpoch: number | null,
  stream: TextStream,
): string[] {
  if (history.length < 2) return [];
  const { cyan, yellow } = colorsOf(stream);
  const best = bestEpoch === null ? -1 : history.findIndex(({ epoch }) => epoch === bestEpoch);
  const plotOf = (
    title: string,
    training: readonly (number | null)[],
    validation: readonly (number | null)[],
  ): Plot => ({
    title,
    series: [
      { name: "training", values: training, mark: "·", color: yellow },
      { name: "validation", values: validation, mark: "line", color: cyan },
    ],
    axis: axisWith(
      `epoch ${history[0].epoch}`,
      String(history[history.length - 1].epoch),
      best < 0 ? undefined : { position: best / (history.length - 1), text: `best ${history[best].epoch}` },
    ),
  });
  const plots = [
    plotOf(
      "Loss",
      history.map(({ loss }) => loss),
      history.map(({ validationLoss }) => validationLoss),
    ),
    plotOf(
      "Accuracy",
      history.map(({ accuracy }) => accuracy),
      history.map(({ validationAccuracy }) => validationAccuracy),
    ),
  ];
  const drawn = plots.filter(({ series }) => finite(series.flatMap(({ values }) => values)).length > 0);
  const width = widthOf(stream);
  const isPair = drawn.length === 2 && width >= LEAST_WIDTH_FOR_TWO;
  const plotWidth = isPair ? Math.floor((width - GAP) / 2) : Math.min(width, 2 * LEAST_WIDTH_FOR_TWO);
  const blocks = drawn.map((plot) => formatPlot(plot, plotWidth, stream));
  if (!isPair) return blocks.flatMap((lines, i) => [...(i > 0 ? [""] : []), ...lines.map(joined)]);
  const [left, right] = blocks;
  return left.map((line, i) => `${padded(line, plotWidth + GAP)}${joined(right[i])}`.trimEnd());
}
