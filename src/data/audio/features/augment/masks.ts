/** @file Augmentation: SpecAugment's masks over frequency and time. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";

export interface Masks {
  /** How many masks; they may overlap. */
  readonly count: number;
  /** The widest that a mask may be, in bins or frames: F and T of the paper. */
  readonly width: number;
}

/** `[steps, bins, channels]` of a window. */
export type WindowShape = readonly [number, number, number];

export interface MaskOptions {
  readonly frequencyMasks?: Masks;
  readonly timeMasks?: Masks;
}

/**
 * Masks bands of a window: Park et al., "SpecAugment" (Interspeech 2019), without the time warp. The width f
 * of each mask is uniform on 0 … F, its first bin on 0 … ν - f - 1 where ν is the number of bins; and
 * likewise in time.
 *
 * The paper sets masked values to 0 where the mean is 0. Features come here before any normalisation, so they
 * are set to the mean of the window, each channel to its own.
 */
export function maskBands(
  window: Float32Array,
  shape: WindowShape,
  { frequencyMasks, timeMasks }: MaskOptions,
  random: Generator,
): void {
  const [steps, bins, channels] = shape;
  const fill = channelMeans(window, channels);
  const place = (masks: Masks, length: number): readonly [first: number, end: number] => {
    const width = random.integer(Math.min(masks.width, length) + 1);
    const first = random.integer(length - width);
    return [first, first + width];
  };
  for (let mask = 0; frequencyMasks && mask < frequencyMasks.count; mask++) {
    fillBlock(window, shape, [0, steps], place(frequencyMasks, bins), fill);
  }
  for (let mask = 0; timeMasks && mask < timeMasks.count; mask++) {
    fillBlock(window, shape, place(timeMasks, steps), [0, bins], fill);
  }
}

function channelMeans(window: Float32Array, channels: number): Float64Array {
  const means = new Float64Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let i = channel; i < window.length; i += channels) sum += window[i];
    means[channel] = (sum * channels) / window.length;
  }
  return means;
}

function fillBlock(
  window: Float32Array,
  [, bins, channels]: WindowShape,
  [firstStep, endStep]: readonly [number, number],
  [firstBin, endBin]: readonly [number, number],
  fill: Float64Array,
): void {
  for (let step = firstStep; step < endStep; step++) {
    const start = (step * bins + firstBin) * channels;
    const end = (step * bins + endBin) * channels;
    if (channels === 1) window.fill(fill[0], start, end);
    else for (let i = start; i < end; i++) window[i] = fill[i % channels];
  }
}
