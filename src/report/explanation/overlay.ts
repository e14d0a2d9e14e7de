/** @file A map of relevance over what it is of. Browser-safe. */

import type { Rgb } from "../../design/colors.ts";
import type { RgbPicture } from "./canvas.ts";
import type { Scene } from "./explanation-data.ts";

/** Colours of what speaks for a class and against it; told apart also by the colour-blind. */
export const FOR: Rgb = [255, 125, 20];
export const AGAINST: Rgb = [40, 120, 255];

/** How far the strongest colour covers the picture below it. */
const STRONGEST = 0.85;

/** The ground is grey and darker, so that no colour but the map's is seen. */
const BRIGHTNESS = 0.72;

/** The part of the values that is drawn as strong as the colour goes: a few extreme ones would leave the rest unseen. */
const EXTREMES = 0.01;

/** Draws a map over a scene. */
export function overlay({ picture }: Scene, values: Float32Array): RgbPicture {
  const { width, height, pixels } = picture;
  const limit = limitOf(values);
  const drawn = new Uint8Array(pixels.length);
  for (let i = 0; i < width * height; i++) {
    const grey = BRIGHTNESS * luminance(pixels, 3 * i);
    const part = limit > 0 ? Math.min(1, Math.abs(values[i]) / limit) : 0;
    // Weak values are weaker in the eye than they are: the root makes half of the greatest look like half.
    const cover = STRONGEST * Math.sqrt(part) * (part > 0.02 ? 1 : 0);
    const color = values[i] < 0 ? AGAINST : FOR;
    for (let channel = 0; channel < 3; channel++) {
      drawn[3 * i + channel] = Math.round((1 - cover) * grey + cover * color[channel]);
    }
  }
  return { width, height, pixels: drawn };
}

/** By ITU-R BT.601. */
function luminance(pixels: Uint8Array, at: number): number {
  return 0.299 * pixels[at] + 0.587 * pixels[at + 1] + 0.114 * pixels[at + 2];
}

function limitOf(values: Float32Array): number {
  const sizes = Float32Array.from(values, Math.abs).sort();
  const high = sizes[Math.min(sizes.length - 1, Math.floor((1 - EXTREMES) * sizes.length))];
  return high > 0 ? high : sizes[sizes.length - 1];
}
