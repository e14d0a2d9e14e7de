/** @file A model's answers as bars: the greatest probabilities, or numbers in their order. */
import type { ModelInspection } from "auricle/session";
import { short } from "../figures/numbers.ts";

/** The props of `Bars`. */
export interface AnswerBars {
  readonly bars: readonly { readonly name: string; readonly value: number }[];
  readonly limit: number | undefined;
  readonly format: (value: number) => string;
}

/** @param most bars at most */
export function answersOf(
  { task, classNames }: Pick<ModelInspection, "task" | "classNames">,
  outputs: ArrayLike<number>,
  most = 10,
): AnswerBars {
  const isNumbers = task === "regression";
  const bars = classNames.map((name, i) => ({ name, value: outputs[i] }));
  if (!isNumbers) bars.sort((a, b) => b.value - a.value);
  return {
    bars: bars.slice(0, most),
    limit: isNumbers ? undefined : 1,
    format: isNumbers ? short : (value) => `${(100 * value).toFixed(1)} %`,
  };
}
