/** @file Predictions of a run's model for recordings: files, and all files in folders. Browser-safe. */

import { openAudioFile } from "../../audio/node.ts";
import { AudioModel, type AudioPrediction } from "../../audio-model/audio-model.ts";
import { PIECE_SECONDS } from "../../audio-model/hear-pieces.ts";
import { SOUND } from "../../data/audio/medium.ts";
import { hashContent } from "../../data/audio/features/cache/content-index.ts";
import type { FileProblem, KnownRole, Task } from "../../data/audio/index.ts";
import { contentKey } from "../../data/collection/content-hashes.ts";
import type { Warn } from "../observer.ts";
import { PredictedFiles } from "../predicted-files.ts";
import type { TrainedModel } from "../trained-model.ts";
import { rolesByContent } from "../provenance-file.ts";

export interface RecordingPrediction extends AudioPrediction {
  /** As it was given, or found in a folder that was given. */
  readonly path: string;
  readonly task: Task;
  readonly classNames: readonly string[];
  /** Where the model was trained on a file of this content, or chosen by it: its answer tells nothing about new ones. */
  readonly heardIn?: "training" | "validation";
}

export interface PredictRecordingsOptions {
  /** Stops at the first recording that cannot be read; otherwise the others are still listened to. */
  readonly strict?: boolean;
  /** Seconds between the beginnings of windows. Default: the fewest windows that cover all. */
  readonly hopSeconds?: number;
  /** Told of files that can be read all the same. */
  readonly warn: Warn;
  /** Ends the predictions soon, with its reason. */
  readonly signal?: AbortSignal;
}

/**
 * Listens to each recording, in the order given; folders are searched, in the order of names, in which numbers count as
 * such: "track 4" comes before "track 10".
 * @param show is called with each answer as it is there
 * @param showProblem is called for each recording that cannot be read
 * @returns how many recordings could not be read
 * @throws AuricleError "file" when the model is damaged, "data" or "file" when no recording could be read.
 */
export async function predictRecordings(
  trained: TrainedModel,
  places: readonly string[],
  options: PredictRecordingsOptions,
  show: (prediction: RecordingPrediction) => void,
  showProblem: (problem: FileProblem) => void,
): Promise<number> {
  const roles = await rolesByContent(trained);
  const listener = new AudioModel(trained.model, trained.path, { hopSeconds: options.hopSeconds });
  const files = await PredictedFiles.find(places, SOUND, { ...options, showProblem });
  for (const recording of files.paths) {
    try {
      const prediction = await predictOne(listener, recording, options);
      show({ ...prediction, ...(await heardBefore(recording, roles)) });
    } catch (error) {
      files.report(recording, error);
    }
  }
  return files.finish();
}

/** Names the part of the model's training data that holds this file; an empty object for a file that is new to it. */
async function heardBefore(
  path: string,
  roles: ReadonlyMap<string, KnownRole>,
): Promise<Pick<RecordingPrediction, "heardIn">> {
  const role = roles.size > 0 ? roles.get(contentKey(await hashContent(path))) : undefined;
  return role ? { heardIn: role === "train" ? "training" : role } : {};
}

async function predictOne(
  listener: AudioModel,
  path: string,
  { warn, signal }: PredictRecordingsOptions,
): Promise<RecordingPrediction> {
  signal?.throwIfAborted();
  const file = await openAudioFile(path);
  try {
    // At its own rate: how wide its band is can be seen there alone.
    const prediction = await listener.predictPieces(file.blocks({ seconds: PIECE_SECONDS }), signal);
    for (const warning of file.info.warnings) await warn(`${path}: ${warning}`);
    const { task, classNames } = listener.description;
    return { ...prediction, path, task, classNames };
  } finally {
    await file.close();
  }
}
