/** @file Predictions of a session. Browser-safe. */

import { AuricleError } from "../errors.ts";
import type { FileProblem } from "../data/collection/collection.ts";
import { predictPictures, type PicturePrediction } from "../runs/images/predict-pictures.ts";
import { predictTested } from "../runs/images/predict-tested.ts";
import { predictRecordings, type RecordingPrediction } from "../runs/sound/predict-recordings.ts";
import { factsOf, type TrainedModel } from "../runs/trained-model.ts";
import type { PredictionEvent } from "./events.ts";
import { readingEvents } from "./observe.ts";
import type { PredictOptions } from "./session.ts";

/**
 * Predicts pictures of the test part by their numbers, then files.
 * @returns the number of files that could not be read
 * @throws AuricleError "argument" for a test part of recordings; else as `predictRecordings`, `predictPictures` and `predictTested`
 */
export async function predict(
  trained: TrainedModel,
  places: readonly string[],
  { tested, strict, hopSeconds, ...reading }: PredictOptions,
  emit: (event: PredictionEvent) => void,
  signal: AbortSignal,
): Promise<number> {
  emit({ kind: "model", model: factsOf(trained) });
  signal.throwIfAborted();
  const options = { strict, warn: (text: string) => emit({ kind: "warning", text }), signal };
  const showProblem = (problem: FileProblem) => emit({ kind: "problem", problem });
  if (trained.kind === "sound") {
    if (tested !== undefined) {
      throw new AuricleError(
        "argument",
        `predict: examples of the test part are pictures; the model of ${trained.path} takes recordings: name them`,
      );
    }
    const show = (prediction: RecordingPrediction) => emit({ kind: "recording", prediction });
    return predictRecordings(trained, places, { ...options, hopSeconds }, show, showProblem);
  }
  if (hopSeconds !== undefined) {
    throw new AuricleError(
      "argument",
      `predict: hopSeconds is for recordings; ${trained.path} takes pictures`,
    );
  }
  const show = (prediction: PicturePrediction) => emit({ kind: "picture", prediction });
  if (tested !== undefined) {
    await predictTested(trained, tested, { ...reading, ...readingEvents(emit), signal }, show);
    if (places.length === 0) return 0;
  }
  return predictPictures(trained, places, options, show, showProblem);
}
