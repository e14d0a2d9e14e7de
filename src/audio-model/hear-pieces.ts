/** @file A recording of any length through a model's windows, whoever computes features and answers. Browser-safe. */
import type { MonoAudio } from "../audio/audio.ts";
import { SilenceMeter } from "../data/audio/inspect/silence.ts";
import { AuricleError } from "../errors.ts";
import type { FloatArray } from "../tensor/array.ts";
import type { FeatureWindows } from "./cut-windows.ts";
import type { AudioDescription } from "./description.ts";
import { clipOutputs, inTargetUnits, windowOutputs } from "./outputs.ts";

/** A model's prediction for a stretch of a recording. */
export interface WindowPrediction {
  /** In seconds from the beginning. */
  readonly start: number;
  readonly end: number;
  /** A probability for each class or tag, or the numbers of a regression; in the order of `classNames`. */
  readonly outputs: Float32Array;
}

/** A model's prediction for a recording, without what it is compared with. */
export interface HeardPieces {
  readonly seconds: number;
  /** Whether it is silent, with nothing above -60 dB of full scale: what the model says of it then tells nothing. */
  readonly isSilent: boolean;
  /** The mean over the windows. */
  readonly outputs: Float32Array;
  readonly windows: readonly WindowPrediction[];
}

/** The length in seconds of the pieces that recordings are heard in: a long one takes no more memory than a short one. */
export const PIECE_SECONDS = 300;

/** A model that answers to windows of features. */
export interface WindowedModel extends Pick<AudioDescription, "task" | "targetScale" | "windowFrames"> {
  /** The rate of the samples that it hears, in Hz. */
  readonly sampleRate: number;
  /** From one step of the features to the next, in samples. */
  readonly hopLength: number;
  /** The number of windows that it answers to at once. */
  readonly batchSize: number;
  cut(piece: MonoAudio): Promise<FeatureWindows>;
  /** The network's outputs `[windows, outputs]` for windows `[windows, windowFrames, …]`. */
  answer(windows: FloatArray): Promise<FloatArray>;
}

/**
 * Hears a recording that comes in pieces, one after the other.
 * @param signal ends it after the windows at hand, with its reason
 * @throws AuricleError "argument" where pieces have different rates, and what `cut` and `answer` throw.
 */
export async function hearPieces(
  model: WindowedModel,
  pieces: Iterable<MonoAudio> | AsyncIterable<MonoAudio>,
  signal?: AbortSignal,
): Promise<HeardPieces> {
  const windows: WindowPrediction[] = [];
  let seconds = 0;
  let silence: SilenceMeter | undefined;
  for await (const piece of withoutShortEnd(pieces, windowSeconds(model))) {
    const heard = await hearPiece(model, piece, signal);
    silence ??= new SilenceMeter(piece.sampleRate);
    silence.push(piece.samples);
    windows.push(
      ...heard.map(({ start, end, outputs }) => ({ start: seconds + start, end: seconds + end, outputs })),
    );
    seconds += piece.samples.length / piece.sampleRate;
  }
  // Of no sound at all the model hears silence.
  if (windows.length === 0) windows.push(...(await hearPiece(model, noSound(model.sampleRate), signal)));
  const outputs = clipOutputs(windows.map(({ outputs: one }) => one));
  return { seconds, isSilent: silence?.isSilent() ?? true, outputs, windows };
}

function windowSeconds({ windowFrames, hopLength, sampleRate }: WindowedModel): number {
  return (windowFrames * hopLength) / sampleRate;
}

async function hearPiece(
  model: WindowedModel,
  piece: MonoAudio,
  signal: AbortSignal | undefined,
): Promise<WindowPrediction[]> {
  const { sampleRate, hopLength, task, targetScale, batchSize } = model;
  const { samples, starts, windows } = await model.cut(piece);
  const predictions: WindowPrediction[] = [];
  for (let first = 0; first < starts.length; first += batchSize) {
    signal?.throwIfAborted();
    const batch = starts.slice(first, first + batchSize);
    const raw = await model.answer(windows(batch));
    windowOutputs(task, raw).forEach((outputs, i) => {
      const start = (batch[i] * hopLength) / sampleRate;
      const end = Math.min(start + windowSeconds(model), samples.length / sampleRate);
      predictions.push({ start, end, outputs: inTargetUnits(outputs, targetScale) });
    });
  }
  return predictions;
}

/** The pieces, one that is shorter than `seconds` together with the one before it. */
async function* withoutShortEnd(
  pieces: Iterable<MonoAudio> | AsyncIterable<MonoAudio>,
  seconds: number,
): AsyncGenerator<MonoAudio> {
  let held: MonoAudio | undefined;
  for await (const piece of pieces) {
    if (held && held.sampleRate !== piece.sampleRate) {
      const rates = `${held.sampleRate} Hz, then ${piece.sampleRate} Hz`;
      throw new AuricleError("argument", `all pieces of a recording must have one sample rate; got ${rates}`);
    }
    if (held && piece.samples.length < seconds * piece.sampleRate) held = joined(held, piece);
    else {
      if (held) yield held;
      held = piece;
    }
  }
  if (held) yield held;
}

function joined(first: MonoAudio, second: MonoAudio): MonoAudio {
  const samples = new Float32Array(first.samples.length + second.samples.length);
  samples.set(first.samples);
  samples.set(second.samples, first.samples.length);
  return { sampleRate: first.sampleRate, samples };
}

function noSound(sampleRate: number): MonoAudio {
  return { sampleRate, samples: new Float32Array(1) };
}
