/** @file Why a model hears what it hears in a recording. Browser-safe. */

import type { Audio, MonoAudio } from "../audio/audio.ts";
import { frontEnd } from "../audio/front-end/index.ts";
import { AuricleError } from "../errors.ts";
import {
  gradCam,
  integratedGradients,
  keepSound,
  occlusion,
  overChannels,
  saliency,
  soundMap,
  type KeepOptions,
  type SoundMap,
} from "../explain/index.ts";
import type { InferenceModel } from "../nn/inference-model.ts";
import { checkOptions, didYouMean, type OptionNames } from "../options.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { requireMono } from "./audio-model.ts";
import { audioDescription, type AudioDescription } from "./description.ts";
import { WindowCutter, type FeatureWindows } from "./feature-windows.ts";
import { requireFit } from "./network-fit.ts";
import { clipOutputs, indexOfLargest, inTargetUnits, windowOutputs } from "./outputs.ts";

export const EXPLANATION_METHODS = ["gradCam", "integratedGradients", "saliency", "occlusion"] as const;

export type ExplanationMethod = (typeof EXPLANATION_METHODS)[number];

export interface ExplainAudioOptions extends KeepOptions {
  /** Default "gradCam". Integrated gradients begin at the least feature of the recording, of a waveform at 0. */
  readonly method?: ExplanationMethod;
  /** The class, tag or number: its name, or its place in `classNames`. Default: the most probable; of a regression the first. */
  readonly class?: string | number;
  /** For "gradCam": the layer, as `gradCam` takes it. */
  readonly layer?: string;
}

const OPTIONS: OptionNames<ExplainAudioOptions> = { method: true, class: true, layer: true, keep: true };

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
  const file = source ?? model.name;
  const method = checkMethod(options);
  const description = audioDescription(model.metadata, file);
  requireFit(model, description, file);
  const front = frontEnd(description.frontEnd);
  const cutter = new WindowCutter(model, description, front, file);
  const cut = await cutter.cut(requireMono(audio, "explainAudio"));
  const x = cut.windows(cut.starts);
  const raw = windowOutputs(description.task, await model.predict(x, { batchSize: 32 }));
  const outputs = inTargetUnits(clipOutputs(raw), description.targetScale);
  const index = classOf(description, outputs, options.class);
  const { windows, ...facts } = await windowMaps(model, x, cut, { method, index, layer: options.layer });
  const map = soundMap(front, joinWindows(windows, cut, description), cut.features.shape[0]);
  const { sampleRate } = front;
  const own = { samples: cut.samples, sampleRate };
  const { kept, removed } = keepSound(own, map, options.keep === undefined ? {} : { keep: options.keep });
  return {
    method,
    class: index,
    outputs,
    audio: own,
    map,
    kept: { samples: kept, sampleRate },
    removed: { samples: removed, sampleRate },
    ...facts,
  };
}

function checkMethod({ method = "gradCam", layer }: ExplainAudioOptions): ExplanationMethod {
  if (!EXPLANATION_METHODS.includes(method)) {
    throw new AuricleError(
      "argument",
      `explainAudio: method must be one of ${EXPLANATION_METHODS.join(", ")}; got ${JSON.stringify(method)}${didYouMean(String(method), EXPLANATION_METHODS)}`,
    );
  }
  if (layer === undefined || method === "gradCam") return method;
  throw new AuricleError(
    "argument",
    `explainAudio: layer is an option of "gradCam"; the method is "${method}"`,
  );
}

function classOf(
  { task, classNames }: AudioDescription,
  outputs: Float32Array,
  wanted: string | number | undefined,
): number {
  if (wanted === undefined) return task === "regression" ? 0 : indexOfLargest(outputs);
  const index = typeof wanted === "string" ? classNames.indexOf(wanted) : wanted;
  if (Number.isInteger(index) && index >= 0 && index < classNames.length) return index;
  const hint = typeof wanted === "string" ? didYouMean(wanted, classNames) : "";
  throw new AuricleError(
    "argument",
    `explainAudio: class must be one of ${classNames.join(", ")}, or its number in 0 … ${classNames.length - 1}; got ${JSON.stringify(wanted)}${hint}`,
  );
}

interface Wanted {
  readonly method: ExplanationMethod;
  readonly index: number;
  readonly layer: string | undefined;
}

interface WindowMaps extends Pick<AudioExplanation, "layer" | "completeness"> {
  /** `[windows, time, …]`. */
  readonly windows: FloatArray;
}

async function windowMaps(
  model: InferenceModel,
  x: FloatArray,
  { features }: FeatureWindows,
  { method, index, layer }: Wanted,
): Promise<WindowMaps> {
  const options = { class: index };
  switch (method) {
    case "gradCam": {
      const found = await gradCam(model, x, { ...options, ...(layer !== undefined && { layer }) });
      return { windows: found.map, layer: found.layer };
    }
    case "integratedGradients": {
      const isWaveform = features.shape.length === 2;
      const baseline = isWaveform ? 0 : features.data.reduce((a, b) => Math.min(a, b), Infinity);
      const { values, completeness } = await integratedGradients(model, x, { ...options, baseline });
      return {
        windows: overChannels(values, "sum"),
        completeness: {
          error: Math.max(...completeness.map(({ error }) => error)),
          isWithin: completeness.every(({ isWithin }) => isWithin),
        },
      };
    }
    case "saliency":
      return { windows: overChannels((await saliency(model, x, options)).values, "maximum") };
    case "occlusion":
      return { windows: (await occlusion(model, x, options)).map };
  }
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
