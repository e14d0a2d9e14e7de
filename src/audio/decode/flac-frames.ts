/** @file Frames of FLAC (RFC 9639, section 9): their headers, by which one can seek, and where each ends. Browser-safe. */

import { chunksOf, type ByteSource } from "./byte-source.ts";
import type { FlacStream } from "./flac-header.ts";

/** A frame of the file. */
export interface FlacFrame {
  /** Of its first byte. */
  readonly offset: number;
  /** Number of its first sample. */
  readonly firstSample: number;
  /** Samples of each channel. */
  readonly samples: number;
}

/** A whole frame, its checksum right. */
export interface FlacPacket {
  readonly frame: FlacFrame;
  readonly bytes: Uint8Array;
}

/** Longer than any header is. */
const MAX_HEADER_BYTES = 16;
const CHUNK_BYTES = 65_536;
/** Frames of usual encoders take some 10 kB; a longer stretch without a next header is damage. */
const MAX_FRAME_BYTES = 2 ** 20;

/** The first frame whose header begins in `bytes` at `from` or later; its offset counts from the start of `bytes`. */
export function findFlacFrame(bytes: Uint8Array, from: number, stream: FlacStream): FlacFrame | undefined {
  for (let at = from; at + 5 < bytes.length; at++) {
    const frame = parseFlacFrame(bytes, at, stream);
    if (frame) return frame;
  }
  return undefined;
}

/** The header at `at` of `bytes`; undefined where there is none: its checksum or its contents are wrong. */
export function parseFlacFrame(
  bytes: Uint8Array,
  at: number,
  stream: Pick<FlacStream, "blockSize" | "frames">,
): FlacFrame | undefined {
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xfe) !== 0xf8) return undefined;
  const sizeCode = bytes[at + 2] >> 4;
  const rateCode = bytes[at + 2] & 15;
  if (sizeCode === 0 || rateCode === 15 || bytes[at + 3] >> 4 > 10 || bytes[at + 3] & 1) return undefined;
  // The number is coded as in UTF-8, with up to 7 bytes.
  const lead = bytes[at + 4];
  const ones = Math.clz32(~(lead << 24));
  if (ones === 1 || ones > 7) return undefined;
  let number = ones === 0 ? lead : lead & (0x7f >> ones);
  let end = at + 5;
  for (let i = 1; i < ones; i++, end++) {
    if (bytes[end] >> 6 !== 2) return undefined;
    number = number * 64 + (bytes[end] & 0x3f);
  }
  let samples = sizeCode === 1 ? 192 : sizeCode < 6 ? 144 << sizeCode : 1 << sizeCode;
  if (sizeCode === 6) samples = bytes[end++] + 1;
  if (sizeCode === 7) samples = bytes[end++] * 256 + bytes[end++] + 1;
  end += rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  if (end >= bytes.length || crc8(bytes, at, end) !== bytes[end]) return undefined;
  // With frames of one length the number is the frame's, otherwise the sample's.
  const firstSample = (bytes[at + 1] & 1) === 1 ? number : number * stream.blockSize;
  if (firstSample >= (stream.frames ?? Infinity)) return undefined;
  return { offset: at, firstSample, samples };
}

/** With the polynomial x^8 + x^2 + x + 1. */
function crc8(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) {
    crc ^= bytes[i];
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return crc;
}

/**
 * The frames from byte `offset` on whose checksums are right. A frame ends where a header with the next sample's number
 * begins, or, where damage left none, at any later header; the last frame ends with the file.
 */
export async function* flacFrames(
  source: ByteSource,
  stream: FlacStream,
  offset: number,
): AsyncGenerator<FlacPacket> {
  let bytes = new Uint8Array(0);
  let frame: FlacFrame | undefined;
  for await (const chunk of chunksOf(source, offset, source.size, CHUNK_BYTES)) {
    const searched = Math.max(0, bytes.length - MAX_HEADER_BYTES);
    bytes = joined(bytes, chunk);
    offset += chunk.length;
    const last = offset >= source.size;
    frame ??= findFlacFrame(bytes, searched, stream);
    while (frame) {
      const force = last || bytes.length - frame.offset > MAX_FRAME_BYTES;
      const from = force ? frame.offset + 1 : Math.max(searched, frame.offset + 1);
      const next = nextFrame(bytes, from, frame, stream, force);
      if (!next && !force) break;
      const packet = next
        ? bytes.subarray(frame.offset, next.offset)
        : withoutTail(bytes.subarray(frame.offset));
      if (isWhole(packet)) yield { frame, bytes: packet };
      frame = next;
    }
    const kept: number = frame?.offset ?? Math.max(0, bytes.length - MAX_HEADER_BYTES);
    bytes = bytes.slice(kept);
    if (frame) frame = { ...frame, offset: 0 };
  }
}

/**
 * The frame after `frame`, if it is in `bytes`.
 * @param force Whether a later one will do, since there is no more to search.
 */
function nextFrame(
  bytes: Uint8Array,
  from: number,
  frame: FlacFrame,
  stream: FlacStream,
  force: boolean,
): FlacFrame | undefined {
  const expected = frame.firstSample + frame.samples;
  let later: FlacFrame | undefined;
  for (
    let next = findFlacFrame(bytes, from, stream);
    next;
    next = findFlacFrame(bytes, next.offset + 1, stream)
  ) {
    if (next.firstSample === expected) return next;
    if (next.firstSample > expected) later ??= next;
  }
  return force ? later : undefined;
}

/** The last frame without what other programs put behind it, such as ID3 tags: up to where its checksum is right. */
function withoutTail(bytes: Uint8Array): Uint8Array {
  let end = 0;
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) {
    crc = nextCrc16(crc, bytes[i]);
    if (crc === 0) end = i + 1;
  }
  return bytes.subarray(0, end);
}

const CRC16_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x8005 : 0)) & 0xffff;
  return crc;
});

/** With the polynomial x^16 + x^15 + x^2 + 1. */
function nextCrc16(crc: number, byte: number): number {
  return ((crc << 8) & 0xffff) ^ CRC16_TABLE[(crc >> 8) ^ byte];
}

/** Whether the frame's own checksum, which stands at its end, is right: over all of it the sum is 0. */
function isWhole(bytes: Uint8Array): boolean {
  let crc = 0;
  for (let i = 0; i < bytes.length; i++) crc = nextCrc16(crc, bytes[i]);
  return bytes.length > 0 && crc === 0;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
