/** @file A trained model that takes sound: its front end, its windows and its network in one. Browser-safe. */

import type { Audio, MonoAudio } from "../audio/audio.ts";
import { toMono } from "../audio/decode/mono.ts";
import { frontEnd, type FrontEnd } from "../audio/front-end/index.ts";
import { joinRanges, measureSound, type SoundRange } from "../audio/sound-range.ts";
import type { FrontEndConfig } from "../audio/front-end/config.ts";
import { SilenceMeter } from "../data/audio/inspect/silence.ts";
import { AuricleError } from "../errors.ts";
import type { InferenceModel } from "../nn/inference-model.ts";
import { audioDescription, type AudioDescription } from "./description.ts";
import { outsideRange, type Listener, type OutsideRange } from "./outside-range.ts";
import { WindowCutter } from "./feature-windows.ts";
import { requireFit } from "./network-fit.ts";
import { clipOutputs, inTargetUnits, windowOutputs } from "./outputs.ts";

/** A model's prediction for a stretch of a recording. */
export interface WindowPrediction {
  /** In seconds from the beginning. */
  readonly start: number;
  readonly end: number;
  /** A probability for each class or tag, or the numbers of a regression; in the order of `classNames`. */
  readonly outputs: Float32Array;
}

/** A model's prediction for a recording. */
export interface AudioPrediction {
  readonly seconds: number;
  /** Whether it is silent, with nothing above -60 dB of full scale: what the model says of it then tells nothing. */
  readonly isSilent: boolean;
  /** The mean over the windows. */
  readonly outputs: Float32Array;
  readonly windows: readonly WindowPrediction[];
  /** In what the recording is unlike all that the model was trained on; absent where in nothing, or where that is not known. */
  readonly outside?: readonly OutsideRange[];
}

/** Windows that go through the network at once. */
const BATCH_SIZE = 32;

/** The length in seconds of the pieces that recordings are heard in: a long one takes no more memory than a short one. */
export const PIECE_SECONDS = 300;

/**
 * An audio model, made from a model file that `auricle train` wrote. It takes recordings of any length and rate: they are
 * resampled, go through the front end, and are covered by evenly spaced windows whose answers are averaged, just as in
 * the evaluation of a run.
 *
 * @example
 * const listener = new AudioModel(await loadModel("runs/genres/best.safetensors"));
 * const { outputs } = await listener.predict(await readAudioFile("song.mp3"));
 */
export class AudioModel {
  readonly description: AudioDescription;
  readonly frontEnd: FrontEnd;
  private readonly model: InferenceModel;
  private readonly cutter: WindowCutter;

  /**
   * @param source the model's file, for messages
   * @throws AuricleError "file" when the model does not describe its input, or the description does not fit its network.
   */
  constructor(model: InferenceModel, source = model.name) {
    this.model = model;
    this.description = audioDescription(model.metadata, source);
    // Before anything is computed from a description: the network's shapes are bounded.
    requireFit(model, this.description, source);
    this.frontEnd = frontEnd(this.description.frontEnd);
    this.cutter = new WindowCutter(model, this.description, this.frontEnd, source);
  }

  /** The names of the classes or tags, or of the numbers in a regression. */
  get classNames(): readonly string[] {
    return this.description.classNames;
  }

  private get windowSeconds(): number {
    return (this.description.windowFrames * this.frontEnd.hopLength) / this.frontEnd.sampleRate;
  }

  /**
   * Listens to a whole recording.
   * @param audio the result of `readAudioFile` or `decodeAudio`; several channels are averaged
   * @throws AuricleError "argument" for anything but audio or a sample rate that cannot be converted, "file" for samples
   *   that are not numbers.
   */
  async predict(audio: MonoAudio | Audio): Promise<AudioPrediction> {
    return this.predictPieces(piecesOf(requireMono(audio)));
  }

  /**
   * Listens to a recording that comes in pieces, one after the other, such as `AudioFile.blocks` gives. A piece should be
   * minutes long: a window never reaches from one into the next.
   * @param signal ends the prediction after the windows at hand, with its reason
   * @throws AuricleError as `predict` does, and "argument" where pieces have different rates.
   */
  async predictPieces(
    pieces: Iterable<MonoAudio> | AsyncIterable<MonoAudio>,
    signal?: AbortSignal,
  ): Promise<AudioPrediction> {
    const windows: WindowPrediction[] = [];
    let seconds = 0;
    let range: SoundRange | undefined;
    let silence: SilenceMeter | undefined;
    for await (const piece of withoutShortEnd(pieces, this.windowSeconds)) {
      if (this.description.heard) range = joinRanges(range, measureSound(piece));
      const heard = await this.hear(piece, signal);
      silence ??= new SilenceMeter(piece.sampleRate);
      silence.push(piece.samples);
      windows.push(
        ...heard.map(({ start, end, outputs }) => ({ start: seconds + start, end: seconds + end, outputs })),
      );
      seconds += piece.samples.length / piece.sampleRate;
    }
    // Of no sound at all the model hears silence.
    if (windows.length === 0) windows.push(...(await this.hear(noSound(this.frontEnd.sampleRate))));
    const outputs = clipOutputs(windows.map(({ outputs: one }) => one));
    const outside = this.outsideOf(range);
    const isSilent = silence?.isSilent() ?? true;
    return { seconds, isSilent, outputs, windows, ...(outside.length > 0 && { outside }) };
  }

  private outsideOf(range: SoundRange | undefined): readonly OutsideRange[] {
    const { heard } = this.description;
    return range && heard ? outsideRange(range, heard, listenerOf(this.frontEnd.config, this.model)) : [];
  }

  private async hear(piece: MonoAudio, signal?: AbortSignal): Promise<WindowPrediction[]> {
    const { sampleRate, hopLength } = this.frontEnd;
    const { task, targetScale } = this.description;
    const { samples, starts, windows } = await this.cutter.cut(piece);
    const predictions: WindowPrediction[] = [];
    for (let first = 0; first < starts.length; first += BATCH_SIZE) {
      signal?.throwIfAborted();
      const batch = starts.slice(first, first + BATCH_SIZE);
      const raw = await this.model.predict(windows(batch), { batchSize: BATCH_SIZE });
      windowOutputs(task, raw).forEach((outputs, i) => {
        const start = (batch[i] * hopLength) / sampleRate;
        const end = Math.min(start + this.windowSeconds, samples.length / sampleRate);
        predictions.push({ start, end, outputs: inTargetUnits(outputs, targetScale) });
      });
    }
    return predictions;
  }
}

/** Collects the properties of a model that decide whether a difference between recordings reaches its network. */
export function listenerOf(
  frontEnd: FrontEndConfig,
  { layers: [first] }: Pick<InferenceModel, "layers">,
): Listener {
  return {
    frontEnd,
    normalizesExamples: first.layer.className === "ExampleNormalization",
    holdsRange: first.layer.className === "Normalization" && first.layer.config.maximum !== undefined,
  };
}

/** One channel. @throws AuricleError "argument" for anything but audio. */
export function requireMono(audio: MonoAudio | Audio, where = "predict"): MonoAudio {
  const given = Object(audio) as Partial<MonoAudio & Audio>;
  if (given.samples && given.sampleRate !== undefined) return audio as MonoAudio;
  if (given.channels?.length && given.sampleRate !== undefined) return toMono(audio as Audio);
  throw new AuricleError(
    "argument",
    `${where}: takes a decoded recording, { sampleRate, samples } or { sampleRate, channels }; ` +
      `got ${given === audio ? `{ ${Object.keys(given).join(", ")} }` : typeof audio}`,
  );
}

function* piecesOf({ samples, sampleRate }: MonoAudio): Iterable<MonoAudio> {
  const length = PIECE_SECONDS * sampleRate;
  for (let start = 0; start < samples.length; start += length) {
    yield { sampleRate, samples: samples.subarray(start, start + length) };
  }
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
