/** @file The chunks of a WebP file (RFC 9649). Browser-safe. */

import { textAt, viewOf } from "../../io/byte-text.ts";
import { cutOff, damaged } from "../image-error.ts";
import type { ImageSource } from "../image.ts";
import { exifOrientation } from "./exif.ts";

const RIFF_HEADER = 12;
const CHUNK_HEADER = 8;
const FRAME_HEADER = 16;
const ALPHA_FLAG = 0x10;

/** A picture's chunks, of the file or of one frame. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** "VP8 " or "VP8L", with the header of the chunk. */
  readonly pixels: Uint8Array;
  /** Chunk ALPH, likewise. */
  readonly alpha: Uint8Array | undefined;
}

export interface WebpFields {
  /** The width of the canvas. */
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly frames: number;
  readonly hasAlpha: boolean;
  readonly picture: Picture;
  /** Where the picture lies on the canvas. */
  readonly left: number;
  readonly top: number;
  /** Whether all the bytes that the file's header promises are there. */
  readonly isWhole: boolean;
}

interface Chunk {
  readonly type: string;
  readonly content: Uint8Array;
  /** With type, length and padding. */
  readonly whole: Uint8Array;
}

function* chunksOf(bytes: Uint8Array, start: number): Generator<Chunk> {
  const view = viewOf(bytes);
  for (let at = start; at + CHUNK_HEADER <= bytes.length;) {
    const length = view.getUint32(at + 4, true);
    const content = bytes.subarray(at + CHUNK_HEADER, at + CHUNK_HEADER + length);
    const end = at + CHUNK_HEADER + length + (length & 1);
    yield { type: textAt(bytes, at, 4), content, whole: bytes.subarray(at, end) };
    at = end;
  }
}

/** @throws AuricleError "file" without a picture. */
export function readWebpFields(source: ImageSource): WebpFields {
  const { bytes } = source;
  if (bytes.length < RIFF_HEADER + CHUNK_HEADER) throw cutOff(source, "WebP");
  const isWhole = bytes.length >= viewOf(bytes).getUint32(4, true) + 8;
  let canvas: { width: number; height: number } | undefined;
  let orientation = 1;
  let frames = 0;
  let place = { left: 0, top: 0 };
  let first: Chunk[] = [];
  for (const chunk of chunksOf(bytes, RIFF_HEADER)) {
    const { type, content } = chunk;
    if (type === "VP8X" && content.length >= 10)
      canvas = { width: uint24(content, 4) + 1, height: uint24(content, 7) + 1 };
    if (type === "EXIF") orientation = exifOrientation(content);
    if (type === "ANMF" && content.length >= FRAME_HEADER) {
      if (frames === 0) {
        first = [...chunksOf(content, FRAME_HEADER)];
        place = { left: 2 * uint24(content, 0), top: 2 * uint24(content, 3) };
      }
      frames++;
    }
    if (type === "ALPH" || type === "VP8 " || type === "VP8L") first.push(chunk);
  }
  const picture = pictureOf(source, first, isWhole);
  const { width, height } = canvas ?? picture;
  const fills = place.left === 0 && place.top === 0 && picture.width >= width && picture.height >= height;
  const hasAlpha = picture.hasAlpha || !fills;
  return { width, height, orientation, frames: Math.max(1, frames), hasAlpha, picture, ...place, isWhole };
}

function pictureOf(source: ImageSource, chunks: readonly Chunk[], isWhole: boolean): Picture {
  const chunk = chunks.find(({ type }) => type === "VP8 " || type === "VP8L");
  if (!chunk || chunk.content.length < 10) {
    throw isWhole ? damaged(source, "WebP", "it has no pixels") : cutOff(source, "WebP");
  }
  const { type, content, whole: pixels } = chunk;
  const view = viewOf(content);
  if (type === "VP8L") {
    const bits = view.getUint32(1, true);
    const [width, height] = [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
    return { width, height, hasAlpha: ((bits >>> 28) & 1) === 1, pixels, alpha: undefined };
  }
  const [width, height] = [view.getUint16(6, true) & 0x3fff, view.getUint16(8, true) & 0x3fff];
  const alpha = chunks.find((other) => other.type === "ALPH")?.whole;
  return { width, height, hasAlpha: alpha !== undefined, pixels, alpha };
}

/** A file of one picture alone: libwebp reads no animations this way. */
export function simpleWebp({ width, height, pixels, alpha }: Picture): Uint8Array {
  const extended = new Uint8Array(alpha ? CHUNK_HEADER + 10 : 0);
  if (alpha) {
    extended.set([..."VP8X"].map((letter) => letter.charCodeAt(0)));
    extended.set([10, 0, 0, 0, ALPHA_FLAG, 0, 0, 0, ...bytes24(width - 1), ...bytes24(height - 1)], 4);
  }
  const parts = [extended, alpha ?? new Uint8Array(0), pixels];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const file = new Uint8Array(RIFF_HEADER + length);
  file.set([..."RIFF    WEBP"].map((letter) => letter.charCodeAt(0)));
  viewOf(file).setUint32(4, length + 4, true);
  let at = RIFF_HEADER;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

function uint24(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}

function bytes24(value: number): number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255];
}
