/** @file The costs and gains of bfloat16, for the terminal. */

import { figuresOf, type AccuracyCost, type KindName } from "../runs/index.ts";
import { headline } from "./run-figures.ts";
import type { TextStream } from "./terminal.ts";

/** Figures in bfloat16, and the difference in words. @param exact the same in float32 */
export function formatAccuracyCost(
  { evaluation, largestDifference, milliseconds }: AccuracyCost,
  exact: AccuracyCost["evaluation"],
  kind: KindName,
  stream: TextStream,
): string {
  const times = `${milliseconds.bfloat16.toFixed(1)} ms, in float32 ${milliseconds.float32.toFixed(1)} ms`;
  const areClasses = exact.task === "classification" && evaluation.task === "classification";
  const points = areClasses ? (100 * (exact.accuracy - evaluation.accuracy)).toFixed(2) : undefined;
  const outputs = kind === "sound" ? "a window's output" : "an output";
  return [
    `In bfloat16: ${headline(figuresOf(evaluation), kind, stream)}`,
    ...(points === undefined ? [] : [`bfloat16 costs ${points} percentage points of accuracy.`]),
    `The largest difference in ${outputs} is ${largestDifference.toExponential(1)}; time ${times}.`,
  ].join("\n");
}
