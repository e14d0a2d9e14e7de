/** @file The costs and gains of bfloat16, for the terminal. */

import { figuresOf, type ImageAccuracyCost, type AccuracyCost } from "../runs/index.ts";
import { headline } from "./sound-report.ts";
import type { TextStream } from "./terminal.ts";
import { formatCount, formatPercent, formatTable } from "./text.ts";

/** Figures in both precisions, and the difference in words. @param examples that were tested */
export function formatAccuracyCost(cost: ImageAccuracyCost, examples: number): string {
  const rows = (["float32", "bfloat16"] as const).map((precision) => {
    const { accuracy, macroF1, loss, milliseconds } = cost[precision];
    return [
      precision,
      formatPercent(accuracy),
      macroF1.toFixed(4),
      loss.toFixed(4),
      `${milliseconds.toFixed(1)} ms`,
    ];
  });
  const points = (100 * cost.accuracyCost).toFixed(2);
  return [
    ...formatTable([["precision", "accuracy", "macro F1", "loss", "time"], ...rows]),
    "",
    `bfloat16 costs ${points} percentage points of accuracy: ${formatCount(cost.changedClasses)} of ` +
      `${formatCount(examples)} examples change class.`,
    `The largest difference in a probability is ${cost.largestProbabilityDifference.toExponential(1)}.`,
  ].join("\n");
}

/** @param exact the same in float32 */
export function formatSoundCost(
  { evaluation, largestDifference, milliseconds }: AccuracyCost,
  exact: AccuracyCost["evaluation"],
  stream: TextStream,
): string {
  const times = `${milliseconds.bfloat16.toFixed(1)} ms, in float32 ${milliseconds.float32.toFixed(1)} ms`;
  const areClasses = exact.task === "classification" && evaluation.task === "classification";
  const points = areClasses ? (100 * (exact.accuracy - evaluation.accuracy)).toFixed(2) : undefined;
  return [
    `In bfloat16: ${headline(figuresOf(evaluation), stream)}`,
    ...(points === undefined ? [] : [`bfloat16 costs ${points} percentage points of accuracy.`]),
    `The largest difference in a window's output is ${largestDifference.toExponential(1)}; time ${times}.`,
  ].join("\n");
}
