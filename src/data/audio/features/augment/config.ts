/** @file Which augmentations are used, as plain JSON, and how that is checked. Browser-safe. */

import type { FrontEndConfig } from "../../../../audio/front-end/config.ts";
import { AuricleError } from "../../../../errors.ts";
import type { Masks } from "./masks.ts";
import { shownValue } from "../../../../shown-value.ts";

/**
 * The random changes to a training example; those left out are not made. They are made in this order, each
 * with random numbers of its own, so that one does not affect the draws of another.
 */
export interface AugmentationOptions {
  /** A gain in dB, uniform on [low, high]. On features: what that gain of the waveform does to them. */
  readonly gain?: readonly [number, number];
  /** Turns half of the waveforms upside down. Waveforms only. */
  readonly polarity?: boolean;
  /**
   * White noise; the ratio of the waveform's power to the noise's in dB, uniform on [low, high]. Waveforms
   * only.
   */
  readonly signalToNoise?: readonly [number, number];
  /** Normal noise of this standard deviation, in the features' unit, on every value. Not for waveforms. */
  readonly gaussianNoise?: number;
  /**
   * A shift to a later time by up to this fraction (0 … 1) of the window; the end comes back at the start.
   */
  readonly timeShift?: number;
  /** SpecAugment's masks over bins. Not for waveforms. */
  readonly frequencyMasks?: Masks;
  /** SpecAugment's masks over steps of time. */
  readonly timeMasks?: Masks;
  /** Mixes examples of a batch and their targets; `alpha` is the parameter of the beta law. */
  readonly mixup?: { readonly alpha: number };
}

export type AugmentationConfig = "none" | AugmentationOptions;

/** Below this, mixup's law is 0 or 1 to the precision of float32, and nothing is mixed. */
const SMALLEST_ALPHA = 0.01;

/** @throws AuricleError "argument" for numbers out of range, and for what does not go with the front end. */
export function checkAugmentation(options: AugmentationOptions, frontEnd: FrontEndConfig): void {
  const { gain, polarity, signalToNoise, gaussianNoise, timeShift, mixup } = options;
  if (gain) checkRange("gain", gain);
  if (signalToNoise) checkRange("signalToNoise", signalToNoise);
  if (gaussianNoise !== undefined && !(gaussianNoise > 0 && gaussianNoise < Infinity)) {
    throw refused("gaussianNoise", "a standard deviation above 0", gaussianNoise);
  }
  if (timeShift !== undefined && !(timeShift > 0 && timeShift <= 1)) {
    throw refused("timeShift", "a fraction of the window above 0, at most 1", timeShift);
  }
  for (const name of ["frequencyMasks", "timeMasks"] as const) checkMasks(name, options[name]);
  if (mixup && !(mixup.alpha >= SMALLEST_ALPHA && mixup.alpha < Infinity)) {
    throw refused("mixup", `{ alpha } with alpha from ${SMALLEST_ALPHA}`, mixup);
  }
  const isWaveform = frontEnd.kind === "waveform";
  if (!isWaveform && (polarity || signalToNoise)) {
    const name = polarity ? "polarity" : "signalToNoise";
    throw refused(name, "left out: it is for the front end waveform", frontEnd.kind);
  }
  if (isWaveform && (gaussianNoise !== undefined || options.frequencyMasks)) {
    const name = options.frequencyMasks ? "frequencyMasks" : "gaussianNoise";
    throw refused(name, "left out: a waveform has no bins; signalToNoise adds noise to it", frontEnd.kind);
  }
}

function checkRange(name: string, range: readonly [number, number]): void {
  const [low, high] = range;
  if (range.length !== 2 || !Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw refused(name, "[low, high] in dB", range);
  }
}

function checkMasks(name: string, masks: Masks | undefined): void {
  if (!masks) return;
  const { count, width } = masks;
  if (Number.isInteger(count) && count >= 1 && Number.isInteger(width) && width >= 1) return;
  throw refused(name, "{ count, width }, both whole numbers from 1", masks);
}

function refused(name: string, wanted: string, came: unknown): AuricleError {
  return new AuricleError("argument", `augmentation: ${name} must be ${wanted}; got ${shownValue(came)}`);
}
