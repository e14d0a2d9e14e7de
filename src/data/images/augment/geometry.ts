/** @file Augmentation: flips, shift, rotation, zoom and crop, as one resampling of the picture. Browser-safe. */

import type { Generator } from "../../../random/generator.ts";
import type { PictureAugmentationOptions } from "./config.ts";

/** `[height, width, channels]` of a picture. */
export type PictureShape = readonly [height: number, width: number, channels: number];

/**
 * From a place in the result to the one in the picture that it shows: x' = a x + b y + c, y' = d x + e y + f, from the
 * picture's middle.
 */
type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The change that is drawn; undefined where the picture stays. */
export function drawGeometry(
  options: PictureAugmentationOptions,
  [height, width]: PictureShape,
  random: (name: string) => Generator,
): Affine | undefined {
  const { horizontalFlip, verticalFlip, shift, rotation, zoom, crop } = options;
  const flipX = horizontalFlip && random("horizontalFlip").uniform() < 0.5 ? -1 : 1;
  const flipY = verticalFlip && random("verticalFlip").uniform() < 0.5 ? -1 : 1;
  let [x, y, scale, angle] = [0, 0, 1, 0];
  if (crop !== undefined) {
    const draw = random("crop");
    scale = Math.sqrt(crop + (1 - crop) * draw.uniform());
    x = ((1 - scale) * width * (2 * draw.uniform() - 1)) / 2;
    y = ((1 - scale) * height * (2 * draw.uniform() - 1)) / 2;
  }
  if (shift !== undefined) {
    const draw = random("shift");
    x += shift * width * (2 * draw.uniform() - 1);
    y += shift * height * (2 * draw.uniform() - 1);
  }
  if (zoom) scale /= zoom[0] * (zoom[1] / zoom[0]) ** random("zoom").uniform();
  if (rotation !== undefined) angle = (rotation * (2 * random("rotation").uniform() - 1) * Math.PI) / 180;
  if (flipX === 1 && flipY === 1 && x === 0 && y === 0 && scale === 1 && angle === 0) return undefined;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  return [cos * flipX, -sin * flipY, x, sin * flipX, cos * flipY, y];
}

/** Resamples a picture bilinearly; beyond its border its outermost pixels go on. */
export function warp(
  picture: Float32Array,
  [height, width, channels]: PictureShape,
  [a, b, c, d, e, f]: Affine,
): void {
  const source = picture.slice();
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  let to = 0;
  for (let row = 0; row < height; row++) {
    const fromY = row - middleY;
    const [acrossByY, downByY] = [b * fromY, e * fromY];
    for (let column = 0; column < width; column++, to += channels) {
      const fromX = column - middleX;
      const x = clamp(a * fromX + acrossByY + c + middleX, width - 1);
      const y = clamp(d * fromX + downByY + f + middleY, height - 1);
      // Truncated: neither is below 0.
      const left = x | 0;
      const top = y | 0;
      const shareX = x - left;
      const shareY = y - top;
      const right = left + 1 < width ? channels : 0;
      const below = top + 1 < height ? width * channels : 0;
      const at = (top * width + left) * channels;
      for (let i = at, end = to + channels, out = to; out < end; i++, out++) {
        const upper = source[i] + (source[i + right] - source[i]) * shareX;
        const lower = source[i + below] + (source[i + below + right] - source[i + below]) * shareX;
        picture[out] = upper + (lower - upper) * shareY;
      }
    }
  }
}

function clamp(x: number, most: number): number {
  return x < 0 ? 0 : x > most ? most : x;
}
