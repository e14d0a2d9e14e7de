/** @file Files and parts of recordings, one after the other, as a trained model takes them. Browser-safe. */

import { openAudioFile } from "../../audio/node.ts";
import { hearRecording, type HeardRecording } from "../../audio-model/heard-recording.ts";
import { PIECE_SECONDS } from "../../audio-model/index.ts";
import { openPictureFile } from "../../data/images/picture-file.ts";
import type { FileProblem } from "../../data/collection/collection.ts";
import { AuricleError } from "../../errors.ts";
import { ImageModel } from "../../image-model/index.ts";
import type { FloatArray } from "../../tensor/array.ts";
import type { TrainedModel } from "../trained-model.ts";
import type { PreparationProgress } from "../observer.ts";

/** A file, or a part of a recording. */
export interface FilePart {
  readonly path: string;
  /** In seconds. Default: the beginning and the end of the recording. */
  readonly start?: number;
  readonly end?: number;
}

/** One example of a file: a recording, a part of one, or a picture. */
export interface FileExample extends FilePart {
  /** The number of the picture in a file that holds many. */
  readonly picture?: number;
}

/** Inputs of the network that one example gives: a picture, or some of the windows of a recording. */
export interface ExampleInputs {
  readonly example: FileExample;
  /** `[N, …]`. */
  readonly x: FloatArray;
  /** The answer to each: probabilities of classes or tags, or numbers. */
  readonly outputs: readonly Float32Array[];
  /** The piece of the recording that holds the windows, and where it begins in the file, in seconds; absent for pictures. */
  readonly piece?: { readonly heard: HeardRecording; readonly offset: number };
}

/** The receiver of news while examples are read. */
export interface PartsObserver {
  preparing(progress: PreparationProgress): void;
  /** A file that could not be read; the others are. */
  problem(problem: FileProblem): void;
}

export interface PartsOptions extends PartsObserver {
  readonly signal?: AbortSignal;
}

/**
 * Reads the examples in their order; a long recording comes in several pieces, one after the other.
 * @throws AuricleError "argument" for no parts, "data" where none of several can be read, and the file's own error where it is the only one
 */
export async function* inputsOfParts(
  trained: TrainedModel,
  parts: readonly FilePart[],
  { signal, preparing, problem }: PartsOptions,
): AsyncGenerator<ExampleInputs> {
  if (parts.length === 0) throw new AuricleError("argument", `${trained.path}: no files were named`);
  const inputsOf = trained.kind === "sound" ? windowsOf : picturesOf;
  let unread = 0;
  for (const [done, part] of parts.entries()) {
    signal?.throwIfAborted();
    preparing({ done, examples: parts.length, unit: "files" });
    try {
      yield* inputsOf(trained, part, signal);
    } catch (error) {
      if (!(error instanceof AuricleError) || parts.length === 1) throw error;
      unread++;
      problem({ path: part.path, problem: error.message });
    }
  }
  if (unread === parts.length) {
    throw new AuricleError("data", `none of the ${parts.length} files could be read`);
  }
  preparing({ done: parts.length, examples: parts.length, unit: "files" });
}

async function* windowsOf(
  { model, path: place }: TrainedModel,
  part: FilePart,
  signal?: AbortSignal,
): AsyncGenerator<ExampleInputs> {
  const { path, start = 0, end } = part;
  if (end !== undefined && !(end > start)) {
    throw new AuricleError("argument", `${path}: a part must end after its start, ${start} s; got ${end} s`);
  }
  const file = await openAudioFile(path);
  try {
    const reading = { start, seconds: PIECE_SECONDS, ...(end !== undefined && { duration: end - start }) };
    let offset = start;
    for await (const piece of file.blocks(reading)) {
      signal?.throwIfAborted();
      const heard = await hearRecording(model, piece, "inputsOfParts", place);
      yield { example: part, x: heard.x, outputs: heard.windows, piece: { heard, offset } };
      offset += piece.samples.length / piece.sampleRate;
    }
  } finally {
    await file.close();
  }
}

async function* picturesOf(
  { model, path: place }: TrainedModel,
  { path, start, end }: FilePart,
  signal?: AbortSignal,
): AsyncGenerator<ExampleInputs> {
  if (start !== undefined || end !== undefined) {
    throw new AuricleError(
      "argument",
      `${path}: start and end are for recordings, and the model is one of images`,
    );
  }
  const looker = new ImageModel(model, place);
  const { height, width, channels } = looker.description.pixels;
  const file = await openPictureFile(path);
  for (let picture = 0; picture < file.length; picture++) {
    signal?.throwIfAborted();
    const data = looker.input((await file.picture(picture)).image);
    yield {
      example: { path, ...(file.holdsMany && { picture }) },
      x: { shape: [1, height, width, channels], data },
      outputs: await looker.predictInputs([data]),
    };
  }
}
