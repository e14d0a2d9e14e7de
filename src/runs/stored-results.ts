/** @file Evaluations as `predictions.json` and `--json` have them: an object for each example, of numbers that are not longer than they mean. Browser-safe. */

import type { Evaluation, ExampleResult } from "../report/report-data.ts";

/** A model's result for one example, as it is stored. */
export type StoredResult = Pick<ExampleResult, "id" | "truth" | "outputs"> &
  Partial<Pick<ExampleResult, "seconds" | "windows">>;

/** The decimals of stored probabilities: in float32, the probabilities of one example add up to 1 no more exactly. */
const DECIMALS = 6;

/** The digits that a float32 needs at most. */
const MOST_DIGITS = 9;

/**
 * Returns the results of an evaluation for a file: probabilities rounded to a millionth, the numbers of a regression with
 * as many digits as tell them apart in float32. `seconds` and `windows` are absent for pictures, which have none.
 */
export function storedResults({ task, results }: Evaluation): StoredResult[] {
  const number = task === "regression" ? shortest : rounded;
  return results.map(({ id, seconds, truth, outputs, windows }) => ({
    id,
    ...(windows.length > 0 && { seconds }),
    truth: task === "regression" ? truth.map(shortest) : truth,
    outputs: outputs.map(number),
    ...(windows.length > 0 && {
      windows: windows.map((window) => ({ ...window, outputs: window.outputs.map(number) })),
    }),
  }));
}

function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}

/** The shortest decimal number that is the same in float32. */
function shortest(value: number): number {
  const exact = Math.fround(value);
  for (let digits = 1; digits <= MOST_DIGITS; digits++) {
    const short = Number(exact.toPrecision(digits));
    if (Math.fround(short) === exact) return short;
  }
  return exact;
}

/** Returns the text of `predictions.json`: the results of each evaluation by its name, one example on a line. */
export function predictionsText(evaluations: readonly Evaluation[]): string {
  const parts = evaluations.map((evaluation) => {
    const lines = storedResults(evaluation).map((result) => JSON.stringify(result));
    return `${JSON.stringify(evaluation.name)}: [\n${lines.join(",\n")}\n]`;
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}
