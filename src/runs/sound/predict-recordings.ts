/** @file What a run's model says of recordings: files, and all files in folders. Node only. */

import { stat } from "node:fs/promises";
import { openAudioFile } from "../../audio/node.ts";
import { AudioModel, type AudioPrediction } from "../../audio-model/index.ts";
import { findAudioFiles } from "../../data/audio/audio-files.ts";
import { AuricleError } from "../../errors.ts";
import type { Task } from "../../data/audio/index.ts";
import { loadSoundRun } from "./load-sound-run.ts";

export interface RecordingPrediction extends AudioPrediction {
  /** As it was given, or found in a folder that was given. */
  readonly path: string;
  readonly task: Task;
  readonly classNames: readonly string[];
}

export interface PredictRecordingsOptions {
  readonly threads?: number;
  /** Stops at the first recording that cannot be read; otherwise the others are still listened to. */
  readonly strict?: boolean;
}

/** Seconds of a piece of a long recording: see {@link AudioModel.predictPieces}. */
const PIECE_SECONDS = 300;

/**
 * Listens to each recording, in the order given; folders are searched, in the order of names.
 * @param show is called with each answer as it is there
 * @param showProblem is called for each recording that cannot be read
 * @throws AuricleError "file" when there is no such run; "data" when none of the recordings could be read.
 */
export async function predictRecordings(
  run: string,
  places: readonly string[],
  options: PredictRecordingsOptions,
  show: (prediction: RecordingPrediction) => void,
  showProblem: (error: AuricleError) => void,
): Promise<void> {
  const { model, path } = await loadSoundRun(run, options);
  const listener = new AudioModel(model, path);
  let heard = 0;
  let first: AuricleError | undefined;
  for (const place of places) {
    for (const recording of await recordingsAt(place, showProblem)) {
      try {
        show(await predictOne(listener, recording));
        heard++;
      } catch (error) {
        if (!(error instanceof AuricleError) || options.strict) throw error;
        first ??= error;
        showProblem(error);
      }
    }
  }
  if (heard > 0) return;
  throw first ?? new AuricleError("data", `${places.join(", ")}: no recordings were found there`);
}

/** The file itself, or the recordings in a folder and those below it. */
async function recordingsAt(
  place: string,
  showProblem: (error: AuricleError) => void,
): Promise<readonly string[]> {
  const isFolder = await stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return [place];
  const { files, problems } = await findAudioFiles(place);
  for (const { path, problem } of problems) showProblem(new AuricleError("file", `${path}: ${problem}`));
  return files.map(({ path }) => path);
}

async function predictOne(listener: AudioModel, path: string): Promise<RecordingPrediction> {
  const file = await openAudioFile(path);
  try {
    const { sampleRate } = listener.frontEnd;
    const prediction = await listener.predictPieces(file.blocks({ sampleRate, seconds: PIECE_SECONDS }));
    const { task, classNames } = listener.description;
    return { ...prediction, path, task, classNames };
  } finally {
    await file.close();
  }
}
