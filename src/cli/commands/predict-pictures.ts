/** @file `auricle predict` on images. */

import { imageDescription } from "../../image-model/description.ts";
import {
  predictPictures,
  predictTested,
  type PicturePrediction,
  type TrainedModel,
} from "../../runs/index.ts";
import { CSV_STDOUT } from "../csv-output.ts";
import type { CommandContext } from "../context.ts";
import { downloadNotes } from "../download-notes.ts";
import { JsonProgress } from "../json-progress.ts";
import { PictureCsv } from "../prediction-csv.ts";
import { PredictionSummary, type CountedPrediction } from "../prediction-summary.ts";
import { picturePrinter } from "../picture-prediction.ts";
import { answerOf, tagsOf } from "../recording-answer.ts";
import { TrainingProgress } from "../training-progress.ts";
import { warner } from "../warner.ts";
import type { PredictOptions } from "./predict-options.ts";
import { requireDataFolder } from "./require-folder.ts";
import { showSummary } from "./predict-sound.ts";

/** Images named one by one are summed up from this many on. */
const LEAST_BY_INDEX = 11;

export async function predictPlaces(
  trained: TrainedModel,
  places: readonly string[],
  options: PredictOptions,
  { terminal, setExitCode, onInterrupt }: CommandContext,
): Promise<void> {
  requireDataFolder(options);
  const description = imageDescription(trained.model, trained.path);
  const csv = options.csv === undefined ? undefined : new PictureCsv(options.csv, description, terminal.out);
  const summary = new PredictionSummary("images");
  const print = options.csv === CSV_STDOUT ? () => undefined : picturePrinter(terminal, options);
  const show = (prediction: PicturePrediction) => {
    print(prediction);
    csv?.add(prediction);
    summary.add(counted(prediction));
  };
  const sum = () => showSummary(summary, options, { terminal }, places.length > 0 ? 2 : LEAST_BY_INDEX);
  onInterrupt(() => {
    sum();
    terminal.note("Interrupted: the remaining images were not processed.");
  });
  const isQuiet = options.json === true || options.csv === CSV_STDOUT;
  const observer = isQuiet ? new JsonProgress(terminal) : new TrainingProgress(terminal.out);
  try {
    if (options.index) {
      const { dataFolder, download, threads } = options;
      const onProgress = downloadNotes(terminal);
      await predictTested(
        trained,
        options.index,
        { dataFolder, download, onProgress, threads, observer },
        show,
      );
    }
    if (places.length > 0) {
      const unread = await predictPictures(
        trained,
        places,
        { strict: options.strict, warn: warner(terminal, options.json ?? false) },
        show,
        (problem) => {
          terminal.note(problem.problem);
          csv?.addProblem(problem);
          summary.addUnread();
        },
      );
      if (unread > 0) setExitCode(1);
    }
  } finally {
    observer.end();
    csv?.close();
  }
  sum();
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
