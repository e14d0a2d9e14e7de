/** @file From the channels that a picture has to those that are asked for. Browser-safe. */

import type { Image } from "../image.ts";

export type Rgb = readonly [red: number, green: number, blue: number];

/** x / 255, rounded, of whole x from 0 to 255². */
function over255(x: number): number {
  const shifted = x + 128;
  return (shifted + (shifted >> 8)) >> 8;
}

/** ITU-R BT.601's weights of red, green and blue times 2¹⁶, as in Pillow's mode "L". */
export function greyOf(red: number, green: number, blue: number): number {
  return (red * 19_595 + green * 38_470 + blue * 7471 + 0x8000) >> 16;
}

/** The picture with alpha laid on a background: RGB, or as it is where it has no alpha. */
function opaque(image: Image, background: Rgb): Image {
  if (image.channels !== 4) return image;
  const { width, height, data } = image;
  const result = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const alpha = data[from + 3];
    for (let channel = 0; channel < 3; channel++) {
      result[to++] = over255(data[from + channel] * alpha + background[channel] * (255 - alpha));
    }
  }
  return { width, height, channels: 3, data: result };
}

/** Grey, or RGB, of any picture. Grey has BT.601's weights. */
export function withChannels(image: Image, channels: 1 | 3, background: Rgb): Image {
  const solid = opaque(image, background);
  if (solid.channels === channels) return solid;
  const { width, height, data } = solid;
  const pixels = width * height;
  const result = new Uint8Array(pixels * channels);
  for (let i = 0; i < pixels; i++) {
    if (channels === 1) {
      result[i] = greyOf(data[3 * i], data[3 * i + 1], data[3 * i + 2]);
    } else {
      result.fill(data[i], 3 * i, 3 * i + 3);
    }
  }
  return { width, height, channels, data: result };
}
