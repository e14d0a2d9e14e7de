/** @file A model's answers in words, for a page. Browser-safe. */

import type { Task } from "../../data/collection/collection.ts";
import { formatNumber, formatPercent, type ExplainedOutput } from "../../report/index.ts";

/** The meaning of a model's outputs. */
export interface Described {
  readonly task: Task;
  readonly classNames: readonly string[];
}

/** Outputs that are shown. */
const MOST_OUTPUTS = 8;

/** The greatest outputs, the one that is explained among them; numbers in their order. */
export function shownOutputs(
  { task, classNames }: Described,
  outputs: Float32Array,
  index: number,
): ExplainedOutput[] {
  const isNumber = task === "regression";
  const order = [...outputs.keys()].sort((a, b) => (isNumber ? a - b : outputs[b] - outputs[a] || a - b));
  const shown = [...new Set([...order.slice(0, MOST_OUTPUTS), index])];
  return shown.map((at) => ({
    name: classNames[at],
    text: isNumber ? formatNumber(outputs[at]) : formatPercent(outputs[at]),
    ...(!isNumber && { part: outputs[at] }),
  }));
}

/** The answer to a part in words: the class that is explained, and the one that the model would say instead. */
export function answerText({ task, classNames }: Described, outputs: Float32Array, index: number): string {
  if (task === "regression") return `${classNames[index]} ${formatNumber(outputs[index])}`;
  const best = outputs.indexOf(outputs.reduce((a, b) => Math.max(a, b)));
  const own = `${classNames[index]} ${formatPercent(outputs[index])}`;
  if (task === "tagging" || best === index) return own;
  return `${own}, and rather ${classNames[best]} ${formatPercent(outputs[best])}`;
}

/** How exactly attributions add up. */
export function completenessText({
  error,
  isWithin,
}: {
  readonly error: number;
  readonly isWithin: boolean;
}): string {
  const size = error < 5e-4 ? "less than 0.1 %" : formatPercent(error);
  return `the shares add up to the score within ${size}${isWithin ? "" : ": more than 1 %, take them as rough"}`;
}
