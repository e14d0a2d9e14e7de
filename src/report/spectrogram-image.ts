/** @file A spectrogram as a picture: time from left to right, low frequencies below. Browser-safe. */

import { AuricleError } from "../errors.ts";
import { MAGMA_COLORS } from "../design/colors.ts";
import { encodePng } from "./png.ts";

export interface SpectrogramImageOptions {
  /** The value drawn black; default 0 of bytes; of floats the smallest, but see {@link DYNAMIC_RANGE}. */
  readonly min?: number;
  /** The value drawn brightest; default 255 of bytes; of floats the greatest. */
  readonly max?: number;
}

/**
 * How far below the greatest of floating-point values black is, in decibels, where no `min` is given: librosa's
 * `top_db`. What is fainter is inaudible beside the rest, and would make the rest look flat.
 */
const DYNAMIC_RANGE = 80;

/** The most pixels; of values that fall on the same one, the mean is drawn. */
export const LARGEST_PICTURE = { width: 400, height: 160 };

/**
 * A PNG file that shows a spectrogram, a pixel for each value, or fewer (see {@link LARGEST_PICTURE}).
 * @param values `[frames, bins]`, lowest frequency first: decibels as floats, or bytes. NaN is drawn black.
 * @throws AuricleError "argument" where the values' number is not frames x bins, or 0.
 */
export function spectrogramImage(
  values: Float32Array | Uint8Array,
  frames: number,
  bins: number,
  options: SpectrogramImageOptions = {},
): Uint8Array {
  if (!(frames > 0 && bins > 0) || values.length !== frames * bins) {
    throw new AuricleError(
      "argument",
      `spectrogramImage: needs frames x bins values and at least one; got ${values.length} for ${frames} x ${bins}`,
    );
  }
  const [low, high] = rangeOf(values, options);
  const width = Math.min(frames, LARGEST_PICTURE.width);
  const height = Math.min(bins, LARGEST_PICTURE.height);
  const indices = new Uint8Array(width * height);
  const top = MAGMA_COLORS.length - 1;
  for (let x = 0; x < width; x++) {
    const [firstFrame, endFrame] = stretch(x, width, frames);
    for (let y = 0; y < height; y++) {
      const [firstBin, endBin] = stretch(height - 1 - y, height, bins);
      let sum = 0;
      for (let frame = firstFrame; frame < endFrame; frame++) {
        for (let bin = firstBin; bin < endBin; bin++) sum += values[frame * bins + bin];
      }
      const mean = sum / ((endFrame - firstFrame) * (endBin - firstBin));
      const brightness = (mean - low) / (high - low);
      // NaN, which a range of no width gives too, compares false.
      indices[y * width + x] = brightness > 0 ? Math.round(Math.min(1, brightness) * top) : 0;
    }
  }
  return encodePng(indices, width, height, MAGMA_COLORS);
}

/** The values that fall on a pixel: first and end. */
function stretch(pixel: number, pixels: number, values: number): [number, number] {
  return [Math.floor((pixel * values) / pixels), Math.floor(((pixel + 1) * values) / pixels)];
}

/** The values drawn black and brightest. */
function rangeOf(values: Float32Array | Uint8Array, { min, max }: SpectrogramImageOptions): [number, number] {
  if (values instanceof Uint8Array) return [min ?? 0, max ?? 255];
  let least = Infinity;
  let greatest = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
  }
  const high = max ?? greatest;
  return [min ?? Math.max(least, high - DYNAMIC_RANGE), high];
}
