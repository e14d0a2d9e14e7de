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
 * The new value of masked values: "mean", of each channel over the window; or one number for each value of a
 * step, `[bins, channels]`.
 */
export type MaskFill = "mean" | ArrayLike<number>;

/**
 * Masks bands of a window: Park et al., "SpecAugment" (Interspeech 2019), without the time warp. Each mask's
 * width f is uniform on 0 … F, its first bin on 0 … ν - f - 1 where ν is the number of bins; and likewise in
 * time.
 *
 * The paper sets masked values to 0 where the mean is 0: they say nothing. Features come here before any
 * normalisation, so they are set to what the network behind it takes for nothing. Where an example is normalised by
 * itself, this is the mean of the window. Where the training set's statistics are taken out, it is the training mean of
 * each bin: the mean of a window is of no meaning for a bin that is always much lower, and may lie any number of its
 * deviations away.
 */
export function maskBands(
  window: Float32Array,
  shape: WindowShape,
  { frequencyMasks, timeMasks }: MaskOptions,
  random: Generator,
  maskFill: MaskFill = "mean",
): void {
  const [steps, bins, channels] = shape;
  const fill = maskFill === "mean" ? channelMeans(window, bins, channels) : maskFill;
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

/** The same for each bin. */
function channelMeans(window: Float32Array, bins: number, channels: number): Float64Array {
  const means = new Float64Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let i = channel; i < window.length; i += channels) sum += window[i];
    means[channel] = (sum * channels) / window.length;
  }
  return Float64Array.from({ length: bins * channels }, (_, i) => means[i % channels]);
}

function fillBlock(
  window: Float32Array,
  [, bins, channels]: WindowShape,
  [firstStep, endStep]: readonly [number, number],
  [firstBin, endBin]: readonly [number, number],
  fill: ArrayLike<number>,
): void {
  for (let step = firstStep; step < endStep; step++) {
    const row = step * bins * channels;
    for (let i = firstBin * channels; i < endBin * channels; i++) window[row + i] = fill[i];
  }
}
