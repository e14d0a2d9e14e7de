/** @file Pictures of examples as PNG files. Browser-safe. */

import { dataUri } from "./data-uri.ts";
import { encodeRgbPng } from "./png.ts";
import type { PicturePreview } from "./report-data.ts";

/** The longer side of a picture in a cell of a confusion matrix, in pixels. */
const THUMB = 32;

/** A picture that may have an alpha channel too. */
type Picture = Omit<PicturePreview, "channels"> & { readonly channels: 1 | 3 | 4 };

/** The address of a picture within a page. */
export function pictureUri(picture: PicturePreview): string {
  return dataUri("image/png", encodePicture(picture));
}

/** The bytes of a PNG file; alpha is left out. */
export function encodePicture({ width, height, channels, pixels }: Picture): Uint8Array {
  const colors =
    channels === 3
      ? pixels
      : Uint8Array.from({ length: 3 * width * height }, (_, i) => {
          const color = channels === 1 ? 0 : i % 3;
          return pixels[channels * Math.floor(i / 3) + color];
        });
  return encodeRgbPng(colors, width, height);
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
