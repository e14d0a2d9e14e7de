/** @file The output of `auricle predict` on recordings. */

import { tagsOf, type ChooseTags } from "../../runs/index.ts";
import type { ModelFacts, RecordingPrediction } from "../../session/index.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import type { CommandContext } from "../context.ts";
import { RecordingCsv } from "../prediction-csv.ts";
import { PredictionSummary, type CountedPrediction } from "../prediction-summary.ts";
import { answerOf } from "../recording-answer.ts";
import { showRecording } from "../recording-prediction.ts";
import type { PredictOptions } from "./predict-options.ts";
import { showSummary, type PredictionOutput } from "./prediction-output.ts";

/**
 * @param chooseTags the tags that a recording gets; default: those that are given
 * @throws AuricleError "file" for a table that cannot be written.
 */
export function recordingOutput(
  model: ModelFacts,
  options: Pick<PredictOptions, "csv" | "json" | "top">,
  { terminal, onInterrupt }: CommandContext,
  chooseTags: ChooseTags = tagsOf,
): PredictionOutput {
  const csv =
    options.csv === undefined ? undefined : new RecordingCsv(options.csv, model, terminal.out, chooseTags);
  const summary = new PredictionSummary("recordings");
  const show =
    options.csv === CSV_STDOUT ? () => undefined : showRecording(terminal, { ...options, chooseTags });
  const sum = () => showSummary(summary, options, { terminal });
  onInterrupt(() => {
    sum();
    terminal.note("Interrupted: the remaining recordings were not processed.");
  });
  return {
    show(event) {
      if (event.kind === "recording") {
        show(event.prediction);
        csv?.add(event.prediction);
        summary.add(counted(event.prediction, chooseTags));
      } else if (event.kind === "problem") {
        terminal.note(event.problem.problem);
        csv?.addProblem(event.problem);
        summary.addUnread();
      }
    },
    close: () => csv?.close(),
    sum,
  };
}

function counted(prediction: RecordingPrediction, chooseTags: ChooseTags): CountedPrediction {
  const { task, classNames, outputs, isSilent, heardIn } = prediction;
  const base = { isSilent, ...(heardIn && { heardIn }) };
  if (task === "classification") return { ...base, labels: [answerOf(prediction)] };
  if (task === "tagging") return { ...base, labels: chooseTags(prediction) };
  return { ...base, values: Object.fromEntries(classNames.map((name, i) => [name, outputs[i]])) };
}
