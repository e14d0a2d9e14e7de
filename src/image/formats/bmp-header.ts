/** @file The headers of BMP files. Browser-safe. */

import { viewOf } from "../../io/byte-text.ts";
import { cutOff, damaged, imageError } from "../image-error.ts";
import type { ImageSource } from "../image.ts";

const FILE_HEADER = 14;
const CORE_HEADER = 12;
const INFO_HEADER = 40;

export interface BmpFields {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly isRunLength: boolean;
  /** Blue, green, red and one more byte for each color. */
  readonly palette: Uint8Array;
  /** Bits of red, green, blue and alpha in a pixel of 16 bits or more. */
  readonly masks: readonly [number, number, number, number] | undefined;
  /** Where the pixels begin. */
  readonly offset: number;
}

/** @throws AuricleError "file" for headers that are damaged or of a kind that is not read. */
export function readBmpHeaderFields(source: ImageSource): BmpFields {
  const { bytes } = source;
  const view = viewOf(bytes);
  if (bytes.length < FILE_HEADER + CORE_HEADER) throw cutOff(source, "BMP");
  const size = view.getUint32(FILE_HEADER, true);
  const isCore = size === CORE_HEADER;
  if (!isCore && (size < INFO_HEADER || size > 1024)) {
    throw damaged(source, "BMP", `there is no header of ${size} bytes`);
  }
  if (bytes.length < FILE_HEADER + size) throw cutOff(source, "BMP");
  const at = FILE_HEADER + 4;
  const width = isCore ? view.getUint16(at, true) : view.getInt32(at, true);
  const height = isCore ? view.getUint16(at + 2, true) : view.getInt32(at + 4, true);
  const bits = view.getUint16(at + (isCore ? 6 : 10), true);
  const compression = isCore ? 0 : view.getUint32(at + 12, true);
  checkKind(source, bits, compression);
  const masksFollow = size === INFO_HEADER && (compression === 3 || compression === 6);
  const masks = bits > 8 ? masksOf(view, compression, bits, size, masksFollow) : undefined;
  const paletteAt = FILE_HEADER + size + (masksFollow ? (compression === 6 ? 16 : 12) : 0);
  const used = isCore ? 0 : view.getUint32(at + 28, true);
  const offset = view.getUint32(10, true);
  return {
    width,
    height: Math.abs(height),
    isTopDown: height < 0,
    bits,
    isRunLength: compression === 1 || compression === 2,
    palette: bits > 8 ? new Uint8Array(0) : paletteOf(bytes, paletteAt, isCore, used, bits, offset),
    masks,
    offset,
  };
}

/** Compressions: 0 none, 1 and 2 runs of 8 and 4 bits, 3 and 6 masks. */
function checkKind(source: ImageSource, bits: number, compression: number): void {
  const allowed: Readonly<Record<number, readonly number[]>> = {
    0: [1, 2, 4, 8, 16, 24, 32],
    1: [8],
    2: [4],
    3: [16, 32],
    6: [16, 32],
  };
  if (allowed[compression]?.includes(bits)) return;
  throw imageError(
    source,
    `a BMP picture of ${bits} bits with compression ${compression}, which is not read; save it as png`,
  );
}

function masksOf(
  view: DataView,
  compression: number,
  bits: number,
  size: number,
  masksFollow: boolean,
): [number, number, number, number] {
  if (compression === 0) return bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  const at = FILE_HEADER + INFO_HEADER;
  const mask = (i: number) => (at + 4 * i + 4 <= view.byteLength ? view.getUint32(at + 4 * i, true) : 0);
  const hasAlpha = masksFollow ? compression === 6 : size >= 56;
  return [mask(0), mask(1), mask(2), hasAlpha ? mask(3) : 0];
}

/** In four bytes for each color; that of OS/2's first headers has three. */
function paletteOf(
  bytes: Uint8Array,
  at: number,
  isCore: boolean,
  used: number,
  bits: number,
  offset: number,
): Uint8Array {
  const entry = isCore ? 3 : 4;
  const room = Math.max(0, Math.floor((Math.min(offset, bytes.length) - at) / entry));
  const count = Math.min(used === 0 ? 2 ** bits : used, 2 ** bits, room);
  const palette = new Uint8Array(count * 4);
  for (let i = 0; i < count; i++) palette.set(bytes.subarray(at + i * entry, at + i * entry + 3), i * 4);
  return palette;
}
