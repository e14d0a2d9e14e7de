/** @file Turns a picture upright by its EXIF orientation. Browser-safe. */

import type { Image } from "./image.ts";

/** For each orientation from 1: whether rows become columns, then whether columns and rows run backwards. */
const ORIENTATIONS: readonly (readonly [transposed: boolean, flippedX: boolean, flippedY: boolean])[] = [
  [false, false, false],
  [false, true, false],
  [false, true, true],
  [false, false, true],
  [true, false, false],
  [true, false, true],
  [true, true, true],
  [true, true, false],
];

/**
 * The picture as it was meant to be seen.
 * @param orientation 1 … 8, EXIF's
 */
export function orient(image: Image, orientation: number): Image {
  if (orientation === 1) return image;
  const [transposed, flippedX, flippedY] = ORIENTATIONS[orientation - 1];
  const { width, height, channels, data } = image;
  const [newWidth, newHeight] = transposed ? [height, width] : [width, height];
  const result = new Uint8Array(data.length);
  // Where the stored picture's (0, 0) lies for the result, and the steps in it along the result's row and column.
  const start = (flippedX ? width - 1 : 0) + (flippedY ? height - 1 : 0) * width;
  const stepX = flippedX ? -1 : 1;
  const stepY = flippedY ? -width : width;
  const [across, down] = transposed ? [stepY, stepX] : [stepX, stepY];
  let to = 0;
  for (let y = 0; y < newHeight; y++) {
    let from = (start + y * down) * channels;
    for (let x = 0; x < newWidth; x++, from += across * channels) {
      for (let channel = 0; channel < channels; channel++) result[to++] = data[from + channel];
    }
  }
  return { width: newWidth, height: newHeight, channels, data: result };
}
