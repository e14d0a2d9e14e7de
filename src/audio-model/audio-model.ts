/** @file A trained model that takes sound: its front end, its windows and its network in one. Browser-safe. */

import type { Audio, MonoAudio } from "../audio/audio.ts";
import { toMono } from "../audio/decode/mono.ts";
import { frontEnd, type FrontEnd } from "../audio/front-end/index.ts";
import { measureSound } from "../audio/measure-sound.ts";
import { joinRanges, type SoundRange } from "../audio/sound-range.ts";
import type { FrontEndConfig } from "../audio/front-end/config.ts";
import { AuricleError } from "../errors.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { shownValue } from "../shown-value.ts";
import type { Layer } from "../nn/layer.ts";
import type { InferenceModel } from "../nn/inference-model.ts";
import type { FloatArray } from "../tensor/array.ts";
import { audioDescription, type AudioDescription } from "./description.ts";
import { outsideRange, type Listener, type OutsideRange } from "./outside-range.ts";
import { WindowCutter } from "./feature-windows.ts";
import { hearPieces, PIECE_SECONDS, type HeardPieces, type WindowedModel } from "./hear-pieces.ts";
import { requireFit, type NetworkShapes } from "./network-fit.ts";

/** A model's prediction for a recording. */
export interface AudioPrediction extends HeardPieces {
  /** In what the recording is unlike all that the model was trained on; absent where in nothing, or where that is not known. */
  readonly outside?: readonly OutsideRange[];
}

/** A network and its description; it may compute in another thread. */
export interface ListeningNetwork extends NetworkShapes, Pick<InferenceModel, "name" | "metadata"> {
  readonly engine: Pick<InferenceModel["engine"], "threads">;
  readonly layers: readonly { readonly layer: Pick<Layer, "className" | "config"> }[];
  /** The outputs `[windows, outputs]` for windows `[windows, windowFrames, …]`. */
  predict(windows: FloatArray, options: { readonly batchSize: number }): Promise<FloatArray>;
}

/** The way in which a model listens. */
export interface HearOptions {
  /**
   * Seconds from the beginning of one window to that of the next, rounded to steps of the features: a fine one shows how the
   * answer changes. What is left at the end and holds no window is not heard. Default: the fewest windows that cover all.
   */
  readonly hopSeconds?: number;
}

const OPTIONS: OptionNames<HearOptions> = { hopSeconds: true };

/** Windows that go through the network at once. */
const BATCH_SIZE = 32;

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
  private readonly model: ListeningNetwork;
  private readonly cutter: WindowCutter;

  /**
   * @param source the model's file, for messages
   * @throws AuricleError "file" when the model does not describe its input, or the description does not fit its network;
   *   "argument" for an option that makes no sense.
   */
  constructor(model: ListeningNetwork, source = model.name, options: HearOptions = {}) {
    checkOptions("AudioModel", options, OPTIONS, "model, source, ");
    const { hopSeconds } = options;
    if (hopSeconds !== undefined && !(hopSeconds > 0 && Number.isFinite(hopSeconds))) {
      throw new AuricleError(
        "argument",
        `AudioModel: hopSeconds must be a number above 0; got ${shownValue(hopSeconds)}`,
      );
    }
    this.model = model;
    this.description = audioDescription(model.metadata, source);
    // Before anything is computed from a description: the network's shapes are bounded.
    requireFit(model, this.description, source);
    this.frontEnd = frontEnd(this.description.frontEnd);
    this.cutter = new WindowCutter(model, this.description, this.frontEnd, source, hopSeconds);
  }

  /** The names of the classes or tags, or of the numbers in a regression. */
  get classNames(): readonly string[] {
    return this.description.classNames;
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
    const { description, frontEnd, model, cutter } = this;
    const { sampleRate, hopLength } = frontEnd;
    let range: SoundRange | undefined;
    const windowed: WindowedModel = {
      ...description,
      sampleRate,
      hopLength,
      batchSize: BATCH_SIZE,
      cut(piece) {
        if (description.heard) range = joinRanges(range, measureSound(piece));
        return cutter.cut(piece);
      },
      answer: (windows) => model.predict(windows, { batchSize: BATCH_SIZE }),
    };
    const heard = await hearPieces(windowed, pieces, signal);
    const outside = this.outsideOf(range);
    return { ...heard, ...(outside.length > 0 && { outside }) };
  }

  private outsideOf(range: SoundRange | undefined): readonly OutsideRange[] {
    const { heard } = this.description;
    return range && heard ? outsideRange(range, heard, listenerOf(this.frontEnd.config, this.model)) : [];
  }
}

/** Collects the properties of a model that decide whether a difference between recordings reaches its network. */
export function listenerOf(
  frontEnd: FrontEndConfig,
  { layers: [first] }: Pick<ListeningNetwork, "layers">,
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
