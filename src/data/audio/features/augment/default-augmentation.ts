/** @file The augmentation that goes with a front end unless another is asked for. Browser-safe. */

import type { FrontEndConfig } from "../../../../audio/front-end/config.ts";
import type { Task } from "../../../collection/collection.ts";
import { gainLaw } from "./gain.ts";
import type { AugmentationOptions } from "./config.ts";

/** Fractions of the bins and of the window's steps. */
const MASKED_BINS = 1 / 8;
const MASKED_STEPS = 1 / 5;

/** In dB: half to twice the amplitude. */
const GAIN: readonly [number, number] = [-6, 6];

/**
 * A moderate augmentation for windows of `windowFrames` steps.
 *
 * All get a gain of ±6 dB where it changes anything. Waveforms also get either polarity, and noise 15 to 50
 * dB below them. Spectrograms get SpecAugment's masks: one of up to an eighth of the bins and one of up to a
 * fifth of the time; cepstral coefficients only that in time, since a missing coefficient is nothing that
 * occurs in sound. Numbers as targets (regression) may depend on each part of the spectrum, so there nothing
 * is masked. Mixup is left to be asked for.
 * @param stepShape the shape of one step of features, `[F,C]`
 */
export function defaultAugmentation(
  config: FrontEndConfig,
  stepShape: readonly number[],
  windowFrames: number,
  task: Task,
): AugmentationOptions {
  const gain = gainLaw(config).kind === "none" ? {} : { gain: GAIN };
  if (config.kind === "waveform") return { ...gain, polarity: true, signalToNoise: [15, 50] };
  if (task === "regression") return gain;
  const timeMasks = { count: 1, width: Math.max(1, Math.round(windowFrames * MASKED_STEPS)) };
  if (config.kind === "mfcc") return { ...gain, timeMasks };
  const frequencyMasks = { count: 1, width: Math.max(1, Math.round(stepShape[0] * MASKED_BINS)) };
  return { ...gain, frequencyMasks, timeMasks };
}
