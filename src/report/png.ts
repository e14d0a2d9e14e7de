/**
 * @file PNG pictures with a palette, or in colours of 24 bits (PNG Specification, third edition, W3C 2025: sections 5, 11 and Annex D).
 * Browser-safe.
 */

import { zlibSync } from "fflate";
import { AuricleError } from "../errors.ts";
import { crc32 } from "../io/crc32.ts";
import type { Rgb } from "../design/colors.ts";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** The bytes of IHDR after width and height: 8 bits, colours from a palette, deflate, filters by row, not interlaced. */
const EIGHT_BITS_WITH_PALETTE = [8, 3, 0, 0, 0];
/** The same with red, green and blue for each pixel. */
const EIGHT_BITS_OF_COLORS = [8, 2, 0, 0, 0];

/**
 * Encodes a picture with a palette as the bytes of a PNG file.
 * @param indices `[height, width]`, top row first, each a place in the palette
 * @param palette at most 256 colours
 * @throws AuricleError "argument" for a picture without pixels or indices of another length.
 */
export function encodePng(
  indices: Uint8Array,
  width: number,
  height: number,
  palette: readonly Rgb[],
): Uint8Array {
  if (!(width > 0 && height > 0) || indices.length !== width * height) {
    throw new AuricleError(
      "argument",
      `encodePng: needs width x height indices and at least one; got ${indices.length} for ${width} x ${height}`,
    );
  }
  return fileOf(
    [
      chunk("IHDR", [...bytesOf(width), ...bytesOf(height), ...EIGHT_BITS_WITH_PALETTE]),
      chunk("PLTE", palette.flat()),
    ],
    rowsOf(indices, width, height),
  );
}

/**
 * Encodes a picture as the bytes of a PNG file.
 * @param pixels `[height, width, 3]`, top row first: red, green and blue
 * @throws AuricleError "argument" for a picture without pixels or bytes of another length.
 */
export function encodeRgbPng(pixels: Uint8Array, width: number, height: number): Uint8Array {
  if (!(width > 0 && height > 0) || pixels.length !== 3 * width * height) {
    throw new AuricleError(
      "argument",
      `encodeRgbPng: needs 3 bytes for each pixel and at least one; got ${pixels.length} for ${width} x ${height}`,
    );
  }
  const header = chunk("IHDR", [...bytesOf(width), ...bytesOf(height), ...EIGHT_BITS_OF_COLORS]);
  return fileOf([header], rowsOf(pixels, 3 * width, height));
}

/** Each row begins with the number of its filter; 0, none, is the recommended one for palettes. */
function rowsOf(bytes: Uint8Array, width: number, height: number): Uint8Array {
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) rows.set(bytes.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return rows;
}

function fileOf(head: readonly Uint8Array[], rows: Uint8Array): Uint8Array {
  const chunks = [...head, chunk("IDAT", zlibSync(rows, { level: 9 })), chunk("IEND", [])];
  const png = new Uint8Array(SIGNATURE.length + chunks.reduce((sum, { length }) => sum + length, 0));
  png.set(SIGNATURE);
  let end = SIGNATURE.length;
  for (const part of chunks) {
    png.set(part, end);
    end += part.length;
  }
  return png;
}

/** Length of the content, type, content, and the CRC of type and content. */
function chunk(type: string, content: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  bytes.set(bytesOf(content.length));
  bytes.set(
    [...type].map((letter) => letter.charCodeAt(0)),
    4,
  );
  bytes.set(content, 8);
  bytes.set(bytesOf(crc32(bytes.subarray(4, 8 + content.length))), 8 + content.length);
  return bytes;
}

/** An unsigned 32-bit number, highest byte first. */
function bytesOf(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
