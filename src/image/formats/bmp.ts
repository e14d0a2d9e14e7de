/** @file BMP: Windows' bitmaps and those of OS/2 (Microsoft, "Bitmap storage"). Browser-safe. */

import { cutOff, damaged } from "../image-error.ts";
import type { Decoded, ImageHeader, ImageSource } from "../image.ts";
import { checkSize } from "../limits.ts";
import { readBmpHeaderFields, type BmpFields } from "./bmp-header.ts";
import { decodeRuns } from "./bmp-runs.ts";

export function readBmpHeader(source: ImageSource): ImageHeader {
  const { width, height, bits, masks } = readBmpHeaderFields(source);
  const channels = masks && masks[3] !== 0 ? 4 : 3;
  return { format: "bmp", width, height, orientation: 1, channels, bits, frames: 1 };
}

export function decodeBmp(source: ImageSource, maxPixels: number): Decoded {
  const bmp = readBmpHeaderFields(source);
  const { width, height, bits, isRunLength, offset } = bmp;
  checkSize(source, width, height, maxPixels);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  const stored = source.bytes.subarray(offset);
  if (!isRunLength && stored.length < rowBytes * height) {
    // The last row may lack its padding.
    if (stored.length < rowBytes * (height - 1) + Math.ceil((width * bits) / 8)) throw cutOff(source, "BMP");
  }
  return bits <= 8 ? indexed(source, bmp, stored, rowBytes) : direct(bmp, stored, rowBytes);
}

function indexed(source: ImageSource, bmp: BmpFields, stored: Uint8Array, rowBytes: number): Decoded {
  const { width, height, bits, palette, isTopDown, isRunLength } = bmp;
  const data = new Uint8Array(width * height * 3);
  const indices = isRunLength ? decodeRuns(source, stored, bits, width, height) : undefined;
  const colors = palette.length / 4;
  const mask = 2 ** bits - 1;
  const perByte = 8 / bits;
  for (let y = 0, to = 0; y < height; y++) {
    const row = isTopDown ? y : height - 1 - y;
    for (let x = 0; x < width; x++, to += 3) {
      const index = indices
        ? indices[row * width + x]
        : (stored[row * rowBytes + Math.floor(x / perByte)] >> (8 - bits - (x % perByte) * bits)) & mask;
      if (index >= colors) throw damaged(source, "BMP", `its palette has no color ${index}`);
      // Stored as blue, green, red.
      for (let channel = 0; channel < 3; channel++) data[to + channel] = palette[index * 4 + 2 - channel];
    }
  }
  return { width, height, channels: 3, data };
}

/** 16 to 32 bits a pixel: each channel is a field of bits, scaled to 0 … 255. */
function direct(
  { width, height, bits, masks, isTopDown }: BmpFields,
  stored: Uint8Array,
  rowBytes: number,
): Decoded {
  const fields = (masks ?? []).map(fieldOf);
  const channels = fields[3]?.max > 0 ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  const pixelBytes = bits / 8;
  for (let y = 0, to = 0; y < height; y++) {
    let from = (isTopDown ? y : height - 1 - y) * rowBytes;
    for (let x = 0; x < width; x++, from += pixelBytes) {
      let pixel = stored[from] | (stored[from + 1] << 8);
      if (pixelBytes > 2) pixel |= stored[from + 2] << 16;
      if (pixelBytes > 3) pixel |= stored[from + 3] << 24;
      for (let channel = 0; channel < channels; channel++) data[to++] = fields[channel].toByte(pixel);
    }
  }
  return { width, height, channels, data };
}

interface Field {
  readonly max: number;
  readonly toByte: (pixel: number) => number;
}

function fieldOf(mask: number): Field {
  if (mask === 0) return { max: 0, toByte: () => 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  const max = mask >>> shift;
  if (max === 255) return { max, toByte: (pixel) => (pixel >>> shift) & 255 };
  return { max, toByte: (pixel) => Math.floor((((pixel & mask) >>> shift) * 255) / max) };
}
