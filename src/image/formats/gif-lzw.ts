/** @file GIF's compression: LZW with codes of up to 12 bits (specification, appendix F). Browser-safe. */

import { damaged } from "../image-error.ts";
import type { ImageSource } from "../image.ts";

const MAX_CODES = 4096;

/**
 * Decodes into `pixels` until they are full, or the codes end.
 * @param codeSize bits of a pixel: the codes begin one bit wider
 * @returns how many pixels there are
 * @throws AuricleError "file" for a code that cannot be.
 */
export function decodeLzw(
  source: ImageSource,
  bytes: Uint8Array,
  codeSize: number,
  pixels: Uint8Array,
): number {
  if (codeSize < 1 || codeSize > 8) throw damaged(source, "GIF", `its codes begin with ${codeSize} bits`);
  const clear = 2 ** codeSize;
  // Each code stands for the pixels of another, its prefix, and one more.
  const prefix = new Uint16Array(MAX_CODES);
  const suffix = new Uint8Array(MAX_CODES);
  const lengths = new Uint16Array(MAX_CODES).fill(1);
  for (let code = 0; code < clear; code++) suffix[code] = code;
  let width = codeSize + 1;
  let codes = clear + 2;
  let previous = -1;
  let filled = 0;
  let bits = 0;
  let available = 0;
  let at = 0;
  while (filled < pixels.length) {
    while (available < width && at < bytes.length) {
      bits |= bytes[at++] << available;
      available += 8;
    }
    if (available < width) return filled;
    const code = bits & (2 ** width - 1);
    bits >>>= width;
    available -= width;
    if (code === clear + 1) return filled;
    if (code === clear) {
      width = codeSize + 1;
      codes = clear + 2;
      previous = -1;
      continue;
    }
    const isNew = code === codes && previous >= 0;
    if (!isNew && (code >= codes || (previous < 0 && code > clear))) {
      throw damaged(source, "GIF", `there is no code ${code} yet`);
    }
    const known = isNew ? previous : code;
    const length = lengths[known];
    let first = known;
    for (let i = filled + length - 1; i >= filled; i--) {
      if (i < pixels.length) pixels[i] = suffix[first];
      if (i > filled) first = prefix[first];
    }
    filled += length;
    const firstPixel = suffix[first];
    if (isNew) {
      if (filled < pixels.length) pixels[filled] = firstPixel;
      filled++;
    }
    if (previous >= 0 && codes < MAX_CODES) {
      prefix[codes] = previous;
      suffix[codes] = firstPixel;
      lengths[codes] = lengths[previous] + 1;
      codes++;
      if (codes === 2 ** width && width < 12) width++;
    }
    previous = code;
  }
  return pixels.length;
}
