/** @file PNG (W3C, Portable Network Graphics, third edition); inflated by fflate. Browser-safe. */

import { Unzlib } from "fflate";
import { cutOff, damaged } from "../image-error.ts";
import type { Decoded, ImageChannels, ImageHeader, ImageSource } from "../image.ts";
import { checkSize } from "../limits.ts";
import { PNG_SAMPLES, readPngChunks, type PngChunks } from "./png-chunks.ts";
import { pixelWriter } from "./png-pixels.ts";
import { unfilter } from "./png-filter.ts";

/** Deflate's best: 258 bytes from 2 bits. */
const MAX_DEFLATE_RATIO = 1032;
/** Inflated at a time: what a bomb may take beyond the picture is a thousand times as much. */
const PIECE_BYTES = 16_384;

interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly width: number;
  readonly height: number;
}

export function readPngHeader(source: ImageSource): ImageHeader {
  const png = readPngChunks(source, true);
  const { width, height, orientation, bits, frames } = png;
  return { format: "png", width, height, orientation, channels: channelsOf(png), bits, frames };
}

/** Samples of 16 bits keep their upper 8, as in PIL and libpng's `png_set_strip_16`; a colour profile or gamma is not applied. */
export function decodePng(source: ImageSource, maxPixels: number): Decoded {
  const png = readPngChunks(source, false);
  const { width, height, colorType, bits } = png;
  checkSize(source, width, height, maxPixels);
  const pixelBits = PNG_SAMPLES[colorType] * bits;
  const passes = passesOf(png);
  const rowBytes = (pass: Pass) => Math.ceil((pass.width * pixelBits) / 8);
  const needed = passes.reduce((sum, pass) => sum + pass.height * (rowBytes(pass) + 1), 0);
  const raw = inflate(source, png.data, needed);
  const channels = channelsOf(png);
  const data = new Uint8Array(width * height * channels);
  const write = pixelWriter(source, png, channels, data);
  let at = 0;
  for (const pass of passes) {
    const rowLength = rowBytes(pass);
    unfilter(
      source,
      raw.subarray(at, at + pass.height * (rowLength + 1)),
      rowLength,
      Math.max(1, pixelBits >> 3),
    );
    for (let row = 0; row < pass.height; row++) {
      const first = ((pass.y + row * pass.stepY) * width + pass.x) * channels;
      write(raw.subarray(at + 1, at + 1 + rowLength), pass.width, first, pass.stepX * channels);
      at += rowLength + 1;
    }
  }
  const warnings = png.isWhole ? [] : ["the PNG picture has no end mark; its pixels are complete"];
  return { width, height, channels, data, warnings };
}

function channelsOf({ colorType, transparency }: PngChunks): ImageChannels {
  if (transparency || colorType === 4 || colorType === 6) return 4;
  return colorType === 0 ? 1 : 3;
}

/** The whole picture, or the seven parts of Adam7; parts without pixels are left out. */
function passesOf({ width, height, isInterlaced }: PngChunks): Pass[] {
  if (!isInterlaced) return [{ x: 0, y: 0, stepX: 1, stepY: 1, width, height }];
  const places = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ];
  return places
    .map(([x, y, stepX, stepY]) => ({
      ...{ x, y, stepX, stepY },
      width: Math.ceil((width - x) / stepX),
      height: Math.ceil((height - y) / stepY),
    }))
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/** Stops as soon as it has what the header promised: what would come after that is never inflated. */
function inflate(source: ImageSource, parts: readonly Uint8Array[], needed: number): Uint8Array {
  const stored = parts.reduce((sum, part) => sum + part.length, 0);
  // Before memory is taken for pixels that so few bytes cannot hold.
  if (stored * MAX_DEFLATE_RATIO < needed) throw cutOff(source, "PNG");
  const result = new Uint8Array(needed);
  let filled = 0;
  const stream = new Unzlib((piece) => {
    const taken = piece.subarray(0, needed - filled);
    result.set(taken, filled);
    filled += taken.length;
  });
  try {
    for (const part of parts) {
      for (let at = 0; at < part.length && filled < needed; at += PIECE_BYTES) {
        stream.push(part.subarray(at, at + PIECE_BYTES));
      }
    }
  } catch (cause) {
    throw damaged(source, "PNG", "its compressed pixels cannot be read", cause);
  }
  if (filled < needed) throw cutOff(source, "PNG");
  return result;
}
