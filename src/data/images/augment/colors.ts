/** @file Augmentation: brightness, contrast and saturation, of values from 0 to 1. Browser-safe. */

import type { Generator } from "../../../random/generator.ts";
import type { PictureAugmentationOptions } from "./config.ts";

/** ITU-R BT.601's weights of red, green and blue. */
const GREY_WEIGHTS = [0.299, 0.587, 0.114];

/** In place; the values stay within 0 … 1. */
export function changeColors(
  picture: Float32Array,
  channels: number,
  { brightness, contrast, saturation }: PictureAugmentationOptions,
  random: (name: string) => Generator,
): void {
  const factor = (name: string, strength: number) => 1 + strength * (2 * random(name).uniform() - 1);
  if (brightness !== undefined) blend(picture, () => 0, channels, factor("brightness", brightness));
  if (contrast !== undefined) {
    let sum = 0;
    for (let i = 0; i < picture.length; i += channels) sum += greyAt(picture, i, channels);
    const mean = (sum * channels) / picture.length;
    blend(picture, () => mean, channels, factor("contrast", contrast));
  }
  if (saturation !== undefined && channels === 3) {
    blend(picture, (i) => greyAt(picture, i, channels), channels, factor("saturation", saturation));
  }
}

function greyAt(picture: Float32Array, i: number, channels: number): number {
  if (channels !== 3) return picture[i];
  return GREY_WEIGHTS[0] * picture[i] + GREY_WEIGHTS[1] * picture[i + 1] + GREY_WEIGHTS[2] * picture[i + 2];
}

/** x ← base + factor · (x - base), base being that of the pixel. */
function blend(
  picture: Float32Array,
  baseAt: (pixel: number) => number,
  channels: number,
  factor: number,
): void {
  for (let i = 0; i < picture.length; i += channels) {
    const base = baseAt(i);
    for (let channel = 0; channel < channels; channel++) {
      const value = base + factor * (picture[i + channel] - base);
      picture[i + channel] = Math.min(1, Math.max(0, value));
    }
  }
}
