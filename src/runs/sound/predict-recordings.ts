/** @file Predictions of a run's model for recordings: files, and all files in folders. Browser-safe. */

import { store } from "#here/io/store/store";
import { openAudioFile } from "../../audio/node.ts";
import { AudioModel, PIECE_SECONDS, type AudioPrediction } from "../../audio-model/index.ts";
import { findFiles } from "../../data/collection/files.ts";
import { SOUND } from "../../data/audio/medium.ts";
import { AuricleError } from "../../errors.ts";
import { hashContent } from "../../data/audio/features/cache/content-index.ts";
import type { FileProblem, KnownRole, Task } from "../../data/audio/index.ts";
import { compareNames } from "../../io/natural-order.ts";
import type { Warn } from "../observer.ts";
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
  /** Told unreadable files, duplicates, leaks that can be read all the same. */
  readonly warn: Warn;
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
  const listener = new AudioModel(trained.model, trained.path);
  const found = await Promise.all(places.map(recordingsAt));
  const recordings = found.flatMap(({ paths }) => paths);
  const problems = found.flatMap((place) => place.problems);
  const all = recordings.length + problems.length;
  if (all === 0) throw new AuricleError("data", `${places.join(", ")}: no recordings found`);
  let unread = 0;
  const report = (path: string, error: unknown) => {
    // What is said of the only one says it all.
    if (!(error instanceof AuricleError) || options.strict || all === 1) throw error;
    unread++;
    showProblem({ path, problem: error.message });
  };
  for (const { path: place, problem } of problems) {
    report(place, new AuricleError("file", `${place}: ${problem}`));
  }
  for (const recording of recordings) {
    try {
      const prediction = await predictOne(listener, recording, options.warn);
      show({ ...prediction, ...(await heardBefore(recording, roles)) });
    } catch (error) {
      report(recording, error);
    }
  }
  if (unread === all) throw new AuricleError("data", `none of the ${all} recordings could be read`);
  return unread;
}

/** The file itself, or the recordings in a folder and those below it. */
async function recordingsAt(
  place: string,
): Promise<{ readonly paths: readonly string[]; readonly problems: readonly FileProblem[] }> {
  const isFolder = await store.look(place).then(
    ({ kind }) => kind === "folder",
    () => false,
  );
  if (!isFolder) return { paths: [place], problems: [] };
  const { files, problems } = await findFiles(place, SOUND);
  return {
    paths: files.map(({ path }) => path).sort(compareNames),
    problems: [...problems].sort((a, b) => compareNames(a.path, b.path)),
  };
}

/** Names the part of the model's training data that holds this file; an empty object for a file that is new to it. */
async function heardBefore(
  path: string,
  roles: ReadonlyMap<string, KnownRole>,
): Promise<Pick<RecordingPrediction, "heardIn">> {
  const role = roles.size > 0 ? roles.get(await hashContent(path)) : undefined;
  return role ? { heardIn: role === "train" ? "training" : role } : {};
}

async function predictOne(listener: AudioModel, path: string, warn: Warn): Promise<RecordingPrediction> {
  const file = await openAudioFile(path);
  try {
    // At its own rate: how wide its band is can be seen there alone.
    const prediction = await listener.predictPieces(file.blocks({ seconds: PIECE_SECONDS }));
    for (const warning of file.info.warnings) await warn(`${path}: ${warning}`);
    const { task, classNames } = listener.description;
    return { ...prediction, path, task, classNames };
  } finally {
    await file.close();
  }
}
