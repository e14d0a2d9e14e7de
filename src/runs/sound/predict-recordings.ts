/** @file What a run's model says of recordings: files, and all files in folders. Node only. */

import { stat } from "node:fs/promises";
import { openAudioFile } from "../../audio/node.ts";
import { AudioModel, PIECE_SECONDS, trainedOn, type AudioPrediction } from "../../audio-model/index.ts";
import { findAudioFiles } from "../../data/audio/audio-files.ts";
import type { Precision } from "../../runtime/precision.ts";
import { AuricleError } from "../../errors.ts";
import { hashContent } from "../../data/audio/features/cache/content-index.ts";
import type { FileProblem, KnownRole, Task } from "../../data/audio/index.ts";
import type { Warn } from "../observer.ts";
import { loadSoundRun } from "./load-sound-run.ts";
import { listedIn, loadProvenance, type AskedRun } from "./provenance-file.ts";

export interface RecordingPrediction extends AudioPrediction {
  /** As it was given, or found in a folder that was given. */
  readonly path: string;
  readonly task: Task;
  readonly classNames: readonly string[];
  /** Where the model was trained on a file of this content, or chosen by it: its answer tells nothing about new ones. */
  readonly heardIn?: "training" | "validation";
}

export interface PredictRecordingsOptions {
  readonly threads?: number;
  /** Of the network; features are computed in float32 always. Default "float32". */
  readonly precision?: Precision;
  /** Stops at the first recording that cannot be read; otherwise the others are still listened to. */
  readonly strict?: boolean;
  /** Told where the weights are not the best ones, and what is wrong with recordings that can be read all the same. */
  readonly warn: Warn;
}

/**
 * Listens to each recording, in the order given; folders are searched, in the order of names.
 * @param show is called with each answer as it is there
 * @param showProblem is called for each recording that cannot be read
 * @returns how many recordings could not be read
 * @throws AuricleError "file" when there is no such run, "data" or "file" when no recording could be read.
 */
export async function predictRecordings(
  run: string,
  places: readonly string[],
  options: PredictRecordingsOptions,
  show: (prediction: RecordingPrediction) => void,
  showProblem: (error: AuricleError) => void,
): Promise<number> {
  const { model, path, config } = await loadSoundRun(run, options, options.warn);
  const roles = await rolesByContent({ path, config, metadata: () => Promise.resolve(model.metadata) });
  const listener = new AudioModel(model, path);
  const found = await Promise.all(places.map(recordingsAt));
  const recordings = found.flatMap(({ paths }) => paths);
  const problems = found.flatMap((place) => place.problems);
  const all = recordings.length + problems.length;
  if (all === 0) throw new AuricleError("data", `${places.join(", ")}: no recordings were found there`);
  let unread = 0;
  const report = (error: unknown) => {
    // What is said of the only one says it all.
    if (!(error instanceof AuricleError) || options.strict || all === 1) throw error;
    unread++;
    showProblem(error);
  };
  for (const { path: place, problem } of problems) report(new AuricleError("file", `${place}: ${problem}`));
  for (const recording of recordings) {
    try {
      const prediction = await predictOne(listener, recording, options.warn);
      show({ ...prediction, ...heardBefore(recording, roles) });
    } catch (error) {
      report(error);
    }
  }
  if (unread === all) throw new AuricleError("data", `none of the ${all} recordings could be read`);
  return unread;
}

/** The part of the training data that each file was in, by content hash; from the model's metadata, without fingerprints. */
async function rolesByContent(run: AskedRun): Promise<ReadonlyMap<string, KnownRole>> {
  const told = trainedOn(await run.metadata(), run.path);
  const { recordings } = told ? listedIn(told) : await loadProvenance(run);
  return new Map(recordings.map(({ content, role }) => [content, role]));
}

/** The file itself, or the recordings in a folder and those below it. */
async function recordingsAt(
  place: string,
): Promise<{ readonly paths: readonly string[]; readonly problems: readonly FileProblem[] }> {
  const isFolder = await stat(place).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) return { paths: [place], problems: [] };
  const { files, problems } = await findAudioFiles(place);
  return { paths: files.map(({ path }) => path), problems };
}

/** Names the part of the model's training data that holds this file; an empty object for a file that is new to it. */
function heardBefore(
  path: string,
  roles: ReadonlyMap<string, KnownRole>,
): Pick<RecordingPrediction, "heardIn"> {
  const role = roles.size > 0 ? roles.get(hashContent(path)) : undefined;
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
