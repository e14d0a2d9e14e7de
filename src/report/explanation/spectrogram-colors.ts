/** @file A spectrogram as pixels in colour, of any size. Browser-safe. */

import { MAGMA_COLORS } from "../../design/colors.ts";
import { blank, type RgbPicture } from "./canvas.ts";

/** How far below the greatest value black is, in decibels. */
const DYNAMIC_RANGE = 80;

/**
 * Draws decibels, lowest frequency below; of frames that fall on one pixel the greatest.
 * @param spectrogram `[frames, bins]`, lowest frequency first
 */
export function spectrogramColors(
  spectrogram: { readonly values: Float32Array; readonly frames: number; readonly bins: number },
  { width, height }: { readonly width: number; readonly height: number },
): RgbPicture {
  const { values, frames, bins } = spectrogram;
  const greatest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const picture = blank(width, height);
  for (let x = 0; x < width; x++) {
    const first = Math.floor((x * frames) / width);
    const end = Math.max(first + 1, Math.floor(((x + 1) * frames) / width));
    for (let y = 0; y < height; y++) {
      const bin = Math.floor(((height - 1 - y) * bins) / height);
      let loudest = -Infinity;
      for (let frame = first; frame < end; frame++) loudest = Math.max(loudest, values[frame * bins + bin]);
      const part = Math.max(0, 1 + (loudest - greatest) / DYNAMIC_RANGE);
      const color = MAGMA_COLORS[Math.round(part * (MAGMA_COLORS.length - 1)) || 0];
      picture.pixels.set(color, 3 * (y * width + x));
    }
  }
  return picture;
}
