/** @file `auricle predict` on recordings. */

import { audioDescription } from "../../audio-model/description.ts";
import { predictRecordings, type RecordingPrediction, type TrainedModel } from "../../runs/index.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import type { CommandContext } from "../context.ts";
import { RecordingCsv } from "../prediction-csv.ts";
import { PredictionSummary, type CountedPrediction } from "../prediction-summary.ts";
import { answerOf, tagsOf } from "../recording-answer.ts";
import { showRecording } from "../recording-prediction.ts";
import { warner } from "../warner.ts";
import type { PredictOptions } from "./predict-options.ts";

export async function predictSound(
  trained: TrainedModel,
  places: readonly string[],
  options: PredictOptions,
  { terminal, setExitCode, onInterrupt }: CommandContext,
): Promise<void> {
  const description = audioDescription(trained.model.metadata, trained.path);
  const csv =
    options.csv === undefined ? undefined : new RecordingCsv(options.csv, description, terminal.out);
  const summary = new PredictionSummary("recordings");
  const show = options.csv === CSV_STDOUT ? () => undefined : showRecording(terminal, options);
  const sum = () => showSummary(summary, options, { terminal });
  onInterrupt(() => {
    sum();
    terminal.note("Interrupted: the remaining recordings were not processed.");
  });
  try {
    const unread = await predictRecordings(
      trained,
      places,
      { strict: options.strict, warn: warner(terminal, options.json ?? false) },
      (prediction) => {
        show(prediction);
        csv?.add(prediction);
        summary.add(counted(prediction));
      },
      (problem) => {
        terminal.note(problem.problem);
        csv?.addProblem(problem);
        summary.addUnread();
      },
    );
    if (unread > 0) setExitCode(1);
  } finally {
    csv?.close();
  }
  sum();
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

function counted(prediction: RecordingPrediction): CountedPrediction {
  const { task, classNames, outputs, isSilent, heardIn } = prediction;
  const base = { isSilent, ...(heardIn && { heardIn }) };
  if (task === "classification") return { ...base, labels: [answerOf(prediction)] };
  if (task === "tagging") return { ...base, labels: tagsOf(prediction) };
  return { ...base, values: Object.fromEntries(classNames.map((name, i) => [name, outputs[i]])) };
}
