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
  if (brightness !== undefined) spread(picture, 0, factor("brightness", brightness));
  if (contrast !== undefined) {
    spread(picture, meanGrey(picture, channels), factor("contrast", contrast));
  }
  if (saturation !== undefined && channels === 3) saturate(picture, factor("saturation", saturation));
}

function greyAt(picture: Float32Array, i: number): number {
  return GREY_WEIGHTS[0] * picture[i] + GREY_WEIGHTS[1] * picture[i + 1] + GREY_WEIGHTS[2] * picture[i + 2];
}

function meanGrey(picture: Float32Array, channels: number): number {
  let sum = 0;
  if (channels === 3) for (let i = 0; i < picture.length; i += 3) sum += greyAt(picture, i);
  else for (let i = 0; i < picture.length; i += channels) sum += picture[i];
  return (sum * channels) / picture.length;
}

/** x ← base + factor · (x - base). */
function spread(picture: Float32Array, base: number, factor: number): void {
  for (let i = 0; i < picture.length; i++) picture[i] = held(base + factor * (picture[i] - base));
}

/** The same, of each pixel's distances from its grey. */
function saturate(picture: Float32Array, factor: number): void {
  for (let i = 0; i < picture.length; i += 3) {
    const base = greyAt(picture, i);
    for (let c = i; c < i + 3; c++) picture[c] = held(base + factor * (picture[c] - base));
  }
}

function held(value: number): number {
  return value < 0 ? 0 : value > 1 ? 1 : value;
}
