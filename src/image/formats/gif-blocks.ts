/** @file The blocks of a GIF file. Browser-safe. */

import { viewOf } from "../../io/byte-text.ts";
import { cutOff, damaged } from "../image-error.ts";
import type { ImageSource } from "../image.ts";

const SCREEN_BYTES = 13;
const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;

export interface GifFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly isInterlaced: boolean;
  /** RGB after RGB: the frame's own, or the file's. */
  readonly palette: Uint8Array | undefined;
  /** Bits of an index into the palette. */
  readonly bits: number;
  /** The index of the transparent color. */
  readonly transparent: number | undefined;
  readonly codeSize: number;
  /** Offset of the first block of compressed indices. */
  readonly dataStart: number;
}

export interface GifBlocks {
  /** The width of the screen. */
  readonly width: number;
  readonly height: number;
  readonly frame: GifFrame;
  readonly frames: number;
  /** Whether the file has its last block. */
  readonly isWhole: boolean;
}

/** @throws AuricleError "file" without a frame. */
export function readGifBlocks(source: ImageSource): GifBlocks {
  const { bytes } = source;
  if (bytes.length < SCREEN_BYTES) throw cutOff(source, "GIF");
  const view = viewOf(bytes);
  const flags = bytes[10];
  let at = SCREEN_BYTES;
  let palette: Uint8Array | undefined;
  if (flags & 0x80) {
    palette = bytes.subarray(at, at + 3 * 2 ** ((flags & 7) + 1));
    at += palette.length;
  }
  let transparent: number | undefined;
  let frame: GifFrame | undefined;
  let frames = 0;
  while (at < bytes.length && bytes[at] !== TRAILER) {
    if (bytes[at] === EXTENSION) {
      const isControl = bytes[at + 1] === GRAPHIC_CONTROL && bytes[at + 2] >= 4;
      if (isControl && !frame) transparent = bytes[at + 3] & 1 ? bytes[at + 6] : undefined;
      at = endOfBlocks(bytes, at + 2);
    } else if (bytes[at] === IMAGE) {
      if (at + 11 > bytes.length) break;
      const next = readFrame(bytes, at, palette, transparent);
      frame ??= next;
      frames++;
      at = endOfBlocks(bytes, next.dataStart);
    } else if (frame) {
      break;
    } else {
      throw damaged(source, "GIF", `there is no block of kind ${bytes[at]}`);
    }
  }
  if (!frame) throw cutOff(source, "GIF");
  const [width, height] = [view.getUint16(6, true), view.getUint16(8, true)];
  // Some writers leave the screen's size out.
  const isUnset = width === 0 || height === 0;
  return {
    width: isUnset ? frame.left + frame.width : width,
    height: isUnset ? frame.top + frame.height : height,
    frame,
    frames,
    isWhole: at < bytes.length,
  };
}

function readFrame(
  bytes: Uint8Array,
  at: number,
  shared: Uint8Array | undefined,
  transparent: number | undefined,
): GifFrame {
  const view = viewOf(bytes);
  const flags = bytes[at + 9];
  const size = 3 * 2 ** ((flags & 7) + 1);
  const ownPalette = flags & 0x80 ? bytes.subarray(at + 10, at + 10 + size) : undefined;
  const codeAt = at + 10 + (ownPalette ? size : 0);
  const palette = ownPalette ?? shared;
  return {
    left: view.getUint16(at + 1, true),
    top: view.getUint16(at + 3, true),
    width: view.getUint16(at + 5, true),
    height: view.getUint16(at + 7, true),
    isInterlaced: (flags & 0x40) !== 0,
    palette,
    bits: Math.max(1, Math.round(Math.log2((palette?.length ?? 6) / 3))),
    transparent,
    codeSize: bytes[codeAt] ?? 0,
    dataStart: codeAt + 1,
  };
}

/** The offset after blocks that each begin with their length, up to one of length 0. */
function endOfBlocks(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && bytes[at] !== 0) at += bytes[at] + 1;
  return at + 1;
}

/** The contents of those blocks, joined; as much as the file has. */
export function joinedBlocks(bytes: Uint8Array, start: number): Uint8Array {
  const end = Math.min(bytes.length, endOfBlocks(bytes, start));
  const joined = new Uint8Array(end - Math.min(start, end));
  let filled = 0;
  for (let at = start; at < end && bytes[at] !== 0; at += bytes[at] + 1) {
    const block = bytes.subarray(at + 1, Math.min(end, at + 1 + bytes[at]));
    joined.set(block, filled);
    filled += block.length;
  }
  return joined.subarray(0, filled);
}
