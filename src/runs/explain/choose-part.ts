/** @file The part of a recording that is explained: all of a short one, of a long one where the answer is clearest. Browser-safe. */

import type { MonoAudio } from "../../audio/audio.ts";
import { openAudioFile } from "../../audio/node.ts";
import { classOf } from "../../audio-model/explain-audio.ts";
import type { AudioModel } from "../../audio-model/index.ts";
import { PIECE_SECONDS, type AudioPrediction } from "../../audio-model/index.ts";
import { AuricleError } from "../../errors.ts";
import { formatDuration } from "../../report/index.ts";
import { fileOf, type FoundInput } from "./explained-input.ts";
import type { RecordingExplanation } from "./explanation.ts";
import { shownValue } from "../../shown-value.ts";

/** Recordings up to this length are explained as a whole; of longer ones a part, so that memory and time have a bound. */
export const WHOLE_SECONDS = 40;
export const PART_SECONDS = 30;

export interface ChosenPart extends Pick<RecordingExplanation, "offset" | "part"> {
  /** At the file's rate, one channel. */
  readonly audio: MonoAudio;
  /** Sentences about the recording that a reader of its explanation should know. */
  readonly notes: readonly string[];
}

/**
 * Reads a recording, or listens to all of a long one and reads the part in which the class has the greatest output.
 * @param start where the part begins, in seconds; chosen for it where absent
 * @throws AuricleError "file" for a file that cannot be read, "argument" for a start beyond its end, or a class that there is not
 */
export async function choosePart(
  listener: AudioModel,
  input: FoundInput,
  options: ChooseOptions,
): Promise<ChosenPart> {
  const { class: wanted, start, example, signal } = options;
  const path = fileOf(input);
  if (example !== undefined) {
    throw new AuricleError(
      "argument",
      `${path}: a number is for files of many pictures, and the model is one of sound; got ${shownValue(example)}`,
    );
  }
  if (input.span) return chooseOfClip(path, input.span, start);
  const file = await openAudioFile(path);
  try {
    const prediction = await listener.predictPieces(file.blocks({ seconds: PIECE_SECONDS }), signal);
    const index = classOf(listener.description, prediction.outputs, wanted);
    const notes = notesOn(prediction, file.info.warnings);
    const { seconds } = prediction;
    if (start !== undefined && start >= seconds) {
      throw new AuricleError(
        "argument",
        `${path}: --start must lie within its ${formatDuration(seconds)}; got ${shownValue(start)}`,
      );
    }
    if (seconds <= WHOLE_SECONDS && start === undefined) {
      return { audio: await file.readMono(), offset: 0, notes };
    }
    const offset = start ?? clearestStart(prediction, index);
    const end = Math.min(seconds, offset + PART_SECONDS);
    const audio = await file.readMono({ start: offset, duration: end - offset });
    const name = listener.classNames[index];
    const why = start === undefined ? `, where "${name}" is greatest` : "";
    const part = `${offset.toFixed(1)} … ${end.toFixed(1)} s of ${formatDuration(seconds)}`;
    return {
      audio,
      offset,
      part,
      notes: [...notes, `The recording is long: ${part} are explained${why}.`],
    };
  } finally {
    await file.close();
  }
}

/** Reads a clip that is a part of its file, or the beginning of a long one. */
async function chooseOfClip(
  path: string,
  span: NonNullable<FoundInput["span"]>,
  start: number | undefined,
): Promise<ChosenPart> {
  if (start !== undefined) {
    throw new AuricleError(
      "argument",
      `${path}: --start is for whole files, and the example is a part of one`,
    );
  }
  const file = await openAudioFile(path);
  try {
    const most = span.start + WHOLE_SECONDS;
    const isCut = span.end === undefined || span.end > most;
    const end = isCut ? most : span.end;
    const audio = await file.readMono({ start: span.start, duration: end - span.start });
    const part = `from ${span.start.toFixed(1)} s of its file on`;
    const seconds = audio.samples.length / audio.sampleRate;
    const notes = isCut && seconds >= WHOLE_SECONDS ? [`Its first ${WHOLE_SECONDS} s are explained.`] : [];
    return { audio, offset: span.start, part, notes: [...notes, ...file.info.warnings] };
  } finally {
    await file.close();
  }
}

export interface ChooseOptions {
  readonly class?: string | number;
  readonly start?: number;
  /** Refused: pictures have numbers. */
  readonly example?: number;
  readonly signal?: AbortSignal;
}

/** The beginning of the stretch with the greatest mean of an output over its windows. */
export function clearestStart({ windows, seconds }: AudioPrediction, index: number): number {
  const sums = [0];
  for (const { outputs } of windows) sums.push(sums[sums.length - 1] + outputs[index]);
  let best = { start: 0, mean: -Infinity };
  let end = 0;
  windows.forEach(({ start }, first) => {
    while (end < windows.length && windows[end].end <= start + PART_SECONDS) end++;
    const count = end - first;
    if (count < 1 || start + PART_SECONDS > seconds) return;
    const mean = (sums[end] - sums[first]) / count;
    if (mean > best.mean) best = { start, mean };
  });
  return best.start;
}

function notesOn({ isSilent, outside = [] }: AudioPrediction, warnings: readonly string[]): string[] {
  return [
    ...(isSilent ? ["The recording is silent: what the model says of it means nothing."] : []),
    ...outside.filter(({ leftOut }) => !leftOut).map(({ message }) => `The recording ${message}.`),
    ...warnings,
  ];
}
