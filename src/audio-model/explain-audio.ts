/** @file Why a model hears what it hears in a recording. Browser-safe. */

import type { Audio, MonoAudio } from "../audio/audio.ts";
import { AuricleError } from "../errors.ts";
import {
  deletionInsertion,
  keepSound,
  relevance,
  soundMap,
  type DeletionInsertion,
  type ExplanationMethod,
  type KeepOptions,
  type Relevance,
  type SoundMap,
} from "../explain/index.ts";
import type { InferenceModel } from "../nn/inference-model.ts";
import { checkOptions, didYouMean, type OptionNames } from "../options.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sameShape, sizeOf } from "../tensor/shape.ts";
import type { AudioDescription } from "./description.ts";
import type { FeatureWindows } from "./cut-windows.ts";
import { hearRecording, type HeardRecording } from "./heard-recording.ts";
import { indexOfLargest } from "./outputs.ts";
import { shownValue } from "../shown-value.ts";

export interface ExplainAudioOptions extends KeepOptions {
  /** Default "gradCam". Integrated gradients begin at the least feature of the recording, of a waveform at 0. */
  readonly method?: ExplanationMethod;
  /** The class, tag or number: its name, or its place in `classNames`. Default: the most probable; of a regression the first. */
  readonly class?: string | number;
  /** For "gradCam": the layer, as `gradCam` takes it. */
  readonly layer?: string;
  /** Whether the map is tested, see {@link AudioExplanation.check}. Default false. */
  readonly check?: boolean;
  /** Ends the explanation soon, with the signal's reason. */
  readonly signal?: AbortSignal;
}

const OPTIONS: OptionNames<ExplainAudioOptions> = {
  method: true,
  class: true,
  layer: true,
  keep: true,
  check: true,
  signal: true,
};

/** An explanation of what a model says about a recording. */
export interface AudioExplanation {
  readonly method: ExplanationMethod;
  /** The class explained, by its place among the class names. */
  readonly class: number;
  /** The model's prediction, as `AudioModel.predict` gives it. */
  readonly outputs: Float32Array;
  /** The recording at the model's sample rate, one channel. */
  readonly audio: MonoAudio;
  /** The relevance of each part; positive values speak for the class. Where windows overlap, their mean. */
  readonly map: SoundMap;
  /** The most relevant part of the recording, and the rest. */
  readonly kept: MonoAudio;
  readonly removed: MonoAudio;
  /** The layer that a map of "gradCam" is of. */
  readonly layer?: string;
  /** The greatest relative error of completeness of "integratedGradients", and whether it is within 1 % in all windows. */
  readonly completeness?: { readonly error: number; readonly isWithin: boolean };
  /** Tests of the map, if `check` asks for them. */
  readonly check?: AudioMapCheck;
}

/** How far a map names what the model's answer rests on. */
export interface AudioMapCheck {
  /** The model's answers to `kept` and `removed`, as recordings. */
  readonly kept: Float32Array;
  readonly removed: Float32Array;
  /**
   * The score in windows with more and more of their features covered by the baseline of integrated gradients; absent for a map that
   * has not the input's positions, as that of a layer behind a front end.
   */
  readonly masks?: DeletionInsertion;
}

/**
 * Explains a model's prediction for a recording, which goes through the model in the windows of `AudioModel.predict`. It should be
 * seconds to a minute long: everything is kept in memory.
 *
 * @example
 * const { map, kept } = await explainAudio(model, await readAudioFile("song.mp3", { duration: 30 }));
 * @param source the model's file, for messages. Default: the model's name
 * @throws AuricleError "file" for a model that is none of sound; "argument" for a method, class or layer that there is not, or
 *   options of another method
 */
export async function explainAudio(
  model: InferenceModel,
  audio: MonoAudio | Audio,
  options: ExplainAudioOptions = {},
  source?: string,
): Promise<AudioExplanation> {
  checkOptions("explainAudio", options, OPTIONS, "model, audio, ");
  const heard = await hearRecording(model, audio, "explainAudio", source);
  return explainHeard(model, heard, options);
}

/** As {@link explainAudio}, of a recording that the model has heard. */
export async function explainHeard(
  model: InferenceModel,
  heard: HeardRecording,
  options: ExplainAudioOptions,
): Promise<AudioExplanation> {
  const { description, front, cut, x, outputs } = heard;
  const { method, layer, keep, signal } = options;
  const index = classOf(description, outputs, options.class);
  const baseline = baselineOf(cut);
  const found = await relevance(model, x, {
    class: index,
    signal,
    ...(method !== undefined && { method }),
    ...(layer !== undefined && { layer }),
    ...(method === "integratedGradients" && { baseline }),
  });
  const map = soundMap(front, joinWindows(found.map, cut, description), cut.features.shape[0]);
  const { sampleRate } = front;
  const own = { samples: cut.samples, sampleRate };
  const parts = keepSound(own, map, keep === undefined ? {} : { keep });
  const kept = { samples: parts.kept, sampleRate };
  const removed = { samples: parts.removed, sampleRate };
  return {
    method: found.method,
    class: index,
    outputs,
    audio: own,
    map,
    kept,
    removed,
    ...(found.layer !== undefined && { layer: found.layer }),
    ...(found.completeness && { completeness: worstOf(found.completeness) }),
    ...(options.check && { check: await checkMap(model, { x, found, kept, removed, baseline, signal }) }),
  };
}

/** The least feature of the recording, as silence has it; of a waveform 0. */
function baselineOf({ features: { shape, data } }: FeatureWindows): number {
  return shape.length === 2 ? 0 : data.reduce((a, b) => Math.min(a, b), Infinity);
}

function worstOf(completeness: NonNullable<Relevance["completeness"]>) {
  return {
    error: Math.max(...completeness.map(({ error }) => error)),
    isWithin: completeness.every(({ isWithin }) => isWithin),
  };
}

interface Checked {
  readonly x: FloatArray;
  readonly found: Relevance;
  readonly kept: MonoAudio;
  readonly removed: MonoAudio;
  readonly baseline: number;
  readonly signal: AbortSignal | undefined;
}

async function checkMap(
  model: InferenceModel,
  { x, found, kept, removed, baseline, signal }: Checked,
): Promise<AudioMapCheck> {
  const answerTo = async (audio: MonoAudio) => (await hearRecording(model, audio, "explainAudio")).outputs;
  const answers = { kept: await answerTo(kept), removed: await answerTo(removed) };
  if (!sameShape(found.map.shape, x.shape.slice(0, -1))) return answers;
  const options = { class: found.classes, fill: baseline, score: "logits", signal } as const;
  return { ...answers, masks: await deletionInsertion(model, x, found.map, options) };
}

/**
 * The class that is explained, by its place.
 * @throws AuricleError "argument" naming the classes, for one that there is not
 */
export function classOf(
  { task, classNames }: Pick<AudioDescription, "task" | "classNames">,
  outputs: Float32Array,
  wanted: string | number | undefined,
): number {
  if (wanted === undefined) return task === "regression" ? 0 : indexOfLargest(outputs);
  const index = typeof wanted === "string" ? placeOf(wanted, classNames) : wanted;
  if (Number.isInteger(index) && index >= 0 && index < classNames.length) return index;
  const hint = typeof wanted === "string" ? didYouMean(wanted, classNames) : "";
  throw new AuricleError(
    "argument",
    `class must be one of ${classNames.join(", ")}, or its number in 0 … ${classNames.length - 1}; got ${shownValue(wanted)}${hint}`,
  );
}

/** A number in words counts where no class has that name. */
function placeOf(wanted: string, classNames: readonly string[]): number {
  return classNames.includes(wanted) || !/^\d+$/.test(wanted) ? classNames.indexOf(wanted) : Number(wanted);
}

/** One map of all steps, `[T, …]`: at each step the mean over the windows that hold it. */
function joinWindows(
  { shape: [, rows, ...rest], data }: FloatArray,
  { starts, features }: FeatureWindows,
  { windowFrames }: AudioDescription,
): FloatArray {
  const [steps] = features.shape;
  const size = sizeOf(rest);
  const sums = new Float64Array(steps * size);
  const counts = new Uint32Array(steps);
  starts.forEach((start, window) => {
    for (let step = 0; step < windowFrames; step++) {
      // A layer with fewer positions along time has each stand for several steps.
      const row = Math.floor(((step + 0.5) * rows) / windowFrames);
      counts[start + step]++;
      for (let i = 0; i < size; i++)
        sums[(start + step) * size + i] += data[(window * rows + row) * size + i];
    }
  });
  const means = sums.map((sum, i) => sum / Math.max(1, counts[Math.floor(i / size)]));
  return { shape: [steps, ...rest], data: Float32Array.from(means) };
}
