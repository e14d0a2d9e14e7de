/** @file Pictures of examples as PNG files. Browser-safe. */

import { dataUri } from "./data-uri.ts";
import { encodeRgbPng } from "./png.ts";
import type { PicturePreview } from "./report-data.ts";

/** The longer side of a picture in a cell of a confusion matrix, in pixels. */
const THUMB = 32;

/** The address of a picture within a page. */
export function pictureUri({ width, height, channels, pixels }: PicturePreview): string {
  const colors =
    channels === 3
      ? pixels
      : Uint8Array.from({ length: 3 * pixels.length }, (_, i) => pixels[Math.floor(i / 3)]);
  return dataUri("image/png", encodeRgbPng(colors, width, height));
}

/** A small copy: of pixels that fall together, the mean. */
export function thumbnail(picture: PicturePreview): PicturePreview {
  const { width, height, channels, pixels } = picture;
  const step = Math.ceil(Math.max(width, height) / THUMB);
  if (step === 1) return picture;
  const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
  const sums = new Float64Array(columns * rows * channels);
  const counts = new Uint32Array(columns * rows);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const place = Math.floor(y / step) * columns + Math.floor(x / step);
      counts[place]++;
      for (let channel = 0; channel < channels; channel++) {
        sums[place * channels + channel] += pixels[(y * width + x) * channels + channel];
      }
    }
  }
  const means = Uint8Array.from(sums, (sum, i) => Math.round(sum / counts[Math.floor(i / channels)]));
  return { width: columns, height: rows, channels, pixels: means };
}
