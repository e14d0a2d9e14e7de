/** @file The output of `auricle predict`: what is shown, the table, and the summary. */

import type { PredictionEvent } from "../../session/index.ts";
import type { AnswersNpz } from "../answers-npz.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import type { CommandContext } from "../context.ts";
import type { PredictionSummary } from "../prediction-summary.ts";
import type { PredictOptions } from "./predict-options.ts";

export interface PredictionOutput {
  show(event: PredictionEvent): void;
  /** Gives table and terminal back; to be called however the predictions end. */
  close(): void;
  /** Writes the summary. */
  sum(): void;
}

/** Collects the answers that an output shows as arrays too, and writes them when it is closed. */
export function withArrays(npz: AnswersNpz, output: PredictionOutput): PredictionOutput {
  return {
    show(event) {
      output.show(event);
      if (event.kind === "recording")
        npz.add({ source: event.prediction.path, outputs: event.prediction.outputs });
      else if (event.kind === "picture") {
        const { path, example, outputs, target } = event.prediction;
        npz.add({ source: path, example, outputs, target });
      }
    },
    close() {
      output.close();
      npz.close();
    },
    sum: () => output.sum(),
  };
}

/**
 * Writes the summary where it disturbs nothing: beside a table on stdout it goes to stderr, and JSON has none.
 * @param least as few predictions have a summary
 */
export function showSummary(
  summary: PredictionSummary,
  { csv, json }: Pick<PredictOptions, "csv" | "json">,
  { terminal }: Pick<CommandContext, "terminal">,
  least = 2,
): void {
  if (json) return;
  const stream = csv === CSV_STDOUT ? terminal.err : terminal.out;
  for (const line of summary.format(stream, least)) stream.write(`${line}\n`);
}
