/** @file The output of `auricle predict` on images. */

import { tagsOf } from "../../runs/index.ts";
import type { ModelFacts, PicturePrediction } from "../../session/index.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import type { CommandContext } from "../context.ts";
import { PictureCsv } from "../prediction-csv.ts";
import { PredictionSummary, type CountedPrediction } from "../prediction-summary.ts";
import { picturePrinter } from "../picture-prediction.ts";
import { progressOn } from "../progress.ts";
import { answerOf } from "../recording-answer.ts";
import type { PredictOptions } from "./predict-options.ts";
import { showSummary, type PredictionOutput } from "./prediction-output.ts";
import { requireDataFolder } from "./require-folder.ts";

/** Images named one by one are summed up from this many on. */
const LEAST_BY_INDEX = 11;

/**
 * @param places the files that were named; none where numbers of the test part are all
 * @throws AuricleError "file" for a data folder that there is not, or a table that cannot be written.
 */
export function pictureOutput(
  model: ModelFacts,
  places: readonly string[],
  options: PredictOptions,
  { terminal, onInterrupt }: CommandContext,
): PredictionOutput {
  requireDataFolder(options);
  const csv = options.csv === undefined ? undefined : new PictureCsv(options.csv, model, terminal.out);
  const summary = new PredictionSummary("images");
  const print = options.csv === CSV_STDOUT ? () => undefined : picturePrinter(terminal, options);
  const sum = () => showSummary(summary, options, { terminal }, places.length > 0 ? 2 : LEAST_BY_INDEX);
  onInterrupt(() => {
    sum();
    terminal.note("Interrupted: the remaining images were not processed.");
  });
  const progress = progressOn(terminal, options.json === true || options.csv === CSV_STDOUT);
  return {
    show(event) {
      switch (event.kind) {
        case "picture":
          print(event.prediction);
          csv?.add(event.prediction);
          return summary.add(counted(event.prediction));
        case "problem":
          terminal.note(event.problem.problem);
          csv?.addProblem(event.problem);
          return summary.addUnread();
        case "obtaining":
        case "preparing":
        case "note":
          return progress.show(event);
      }
    },
    close() {
      progress.end();
      csv?.close();
    },
    sum,
  };
}

function counted(prediction: PicturePrediction): CountedPrediction {
  const { task, classNames, outputs, seenIn, target } = prediction;
  const base = { ...(seenIn && { heardIn: seenIn }) };
  if (task === "tagging") return { ...base, labels: tagsOf(prediction) };
  if (task === "regression") {
    return { ...base, values: Object.fromEntries(classNames.map((name, i) => [name, outputs[i]])) };
  }
  const label = answerOf(prediction);
  return { ...base, labels: [label], ...(target && { isRight: label === classNames[target.indexOf(1)] }) };
}
