/** @file Frames of FLAC (RFC 9639, section 9): their headers, which allow seeking, and their content. Browser-safe. */

import { BitReader } from "./bit-reader.ts";
import type { FlacHeader } from "./flac-header.ts";
import type { FlacSamples } from "./flac-prediction.ts";
import { readSubframe } from "./flac-subframes.ts";

/** The header of a frame. */
export interface FlacFrame {
  /** Position of the frame's first byte, in bytes. */
  readonly offset: number;
  /** Number of its first sample. */
  readonly firstSample: number;
  /** Samples of each channel. */
  readonly samples: number;
  readonly channels: number;
  /** Which channel is the difference of the two, if any. */
  readonly difference: "none" | "second" | "first" | "of the mean";
  readonly bitDepth: number;
  /** Position of the first byte after the header, in bytes. */
  readonly bodyOffset: number;
}

/** The stream properties that a frame header may omit or must agree with. */
export type FlacDefaults = Pick<FlacHeader, "blockSize" | "channels" | "bitDepth">;

/** A decoded frame whose checksum is right. */
export interface DecodedFrame {
  readonly channels: readonly Float32Array[];
  /** Position of the first byte after the frame, in bytes. */
  readonly end: number;
}

/** Bits of a sample by the header's code; 0 leaves it to the stream. */
const BIT_DEPTHS = [0, 8, 12, undefined, 16, 20, 24, 32] as const;
const DIFFERENCES = ["second", "first", "of the mean"] as const;

/** The first frame whose header begins in `bytes` at `from` or later; its offset counts from the start of `bytes`. */
export function findFlacFrame(bytes: Uint8Array, from: number, stream: FlacDefaults): FlacFrame | undefined {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const frame = parseFlacFrame(bytes, at, stream);
    if (frame) return frame;
  }
  return undefined;
}

/** The header at `at` of `bytes`; undefined where there is none: its checksum or its contents are wrong. */
export function parseFlacFrame(bytes: Uint8Array, at: number, stream: FlacDefaults): FlacFrame | undefined {
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xfe) !== 0xf8) return undefined;
  const sizeCode = bytes[at + 2] >> 4;
  const rateCode = bytes[at + 2] & 15;
  const assignment = bytes[at + 3] >> 4;
  const depth = BIT_DEPTHS[(bytes[at + 3] >> 1) & 7];
  if (sizeCode === 0 || rateCode === 15 || assignment > 10 || depth === undefined || bytes[at + 3] & 1) {
    return undefined;
  }
  const number = codedNumber(bytes, at + 4);
  if (!number) return undefined;
  let end = number.end;
  let samples = sizeCode === 1 ? 192 : sizeCode < 6 ? 144 << sizeCode : 1 << sizeCode;
  if (sizeCode === 6) samples = bytes[end++] + 1;
  if (sizeCode === 7) samples = bytes[end++] * 256 + bytes[end++] + 1;
  end += rateCode === 12 ? 1 : rateCode === 13 || rateCode === 14 ? 2 : 0;
  if (end >= bytes.length || crc8(bytes, at, end) !== bytes[end]) return undefined;
  const channels = assignment < 8 ? assignment + 1 : 2;
  if (channels !== stream.channels) return undefined;
  // With frames of one length the number is the frame's, otherwise the sample's.
  const firstSample = (bytes[at + 1] & 1) === 1 ? number.value : number.value * stream.blockSize;
  return {
    offset: at,
    firstSample,
    samples,
    channels,
    difference: assignment < 8 ? "none" : DIFFERENCES[assignment - 8],
    bitDepth: depth || stream.bitDepth,
    bodyOffset: end + 1,
  };
}

/** A number coded as characters are in UTF-8, with up to 7 bytes. */
function codedNumber(bytes: Uint8Array, at: number): { value: number; end: number } | undefined {
  const lead = bytes[at];
  const ones = Math.clz32(~(lead << 24));
  if (ones === 1 || ones > 7) return undefined;
  let value = ones === 0 ? lead : lead & (0x7f >> ones);
  let end = at + 1;
  for (let i = 1; i < ones; i++, end++) {
    if (bytes[end] >> 6 !== 2) return undefined;
    value = value * 64 + (bytes[end] & 0x3f);
  }
  return { value, end };
}

/**
 * Decodes a frame: whole numbers divided by 2^(bits - 1), the same bits as those of a wav file.
 * @returns "incomplete" where it goes on behind the end of `bytes`, and undefined where it is none, or damaged.
 */
export function decodeFlacFrame(
  bytes: Uint8Array,
  frame: FlacFrame,
): DecodedFrame | "incomplete" | undefined {
  const bits = new BitReader(bytes, frame.bodyOffset);
  const channels: FlacSamples[] = [];
  for (let channel = 0; channel < frame.channels; channel++) {
    const isDifference =
      frame.difference === "first" ? channel === 0 : frame.difference !== "none" && channel === 1;
    const depth = frame.bitDepth + (isDifference ? 1 : 0);
    const samples = depth > 32 ? new Float64Array(frame.samples) : new Int32Array(frame.samples);
    if (!readSubframe(bits, depth, samples)) return bits.overrun ? "incomplete" : undefined;
    if (bits.overrun) return "incomplete";
    channels.push(samples);
  }
  const end = bits.byteOffset() + 2;
  if (end > bytes.length) return "incomplete";
  // With its own checksum, which stands at its end, that of a frame is 0.
  if (crc16(bytes, frame.offset, end) !== 0) return undefined;
  return { channels: floatsOf(frame.difference, channels, 2 ** (1 - frame.bitDepth)), end };
}

/**
 * The channels of a frame as floats: where one is the difference, from left or right and it, or from their mean and it. In one pass,
 * since each takes as long as the decoding of a few bits.
 */
function floatsOf(
  difference: FlacFrame["difference"],
  channels: readonly FlacSamples[],
  scale: number,
): Float32Array[] {
  if (difference === "none") return channels.map((samples) => scaled(samples, scale));
  const [first, second] = channels;
  const left = new Float32Array(first.length);
  const right = left.slice();
  for (let i = 0; i < left.length; i++) {
    let [a, b] = [first[i], second[i]];
    if (difference === "first") a += b;
    else {
      // A mean was rounded down; the lowest bits of sum and difference are the same.
      if (difference !== "second") a = (2 * a + (b & 1) + b) / 2;
      b = a - b;
    }
    left[i] = a * scale;
    right[i] = b * scale;
  }
  return [left, right];
}

function scaled(samples: FlacSamples, scale: number): Float32Array {
  const result = new Float32Array(samples.length);
  for (let i = 0; i < result.length; i++) result[i] = samples[i] * scale;
  return result;
}

/** The CRC-8 of a frame header: polynomial x^8 + x^2 + x + 1. */
function crc8(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) {
    crc ^= bytes[i];
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x80 ? 0x07 : 0)) & 0xff;
  }
  return crc;
}

const CRC16_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ (crc & 0x8000 ? 0x8005 : 0)) & 0xffff;
  return crc;
});

/** The CRC-16 of a whole frame: polynomial x^16 + x^15 + x^2 + 1. */
function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let i = from; i < to; i++) crc = ((crc << 8) & 0xffff) ^ CRC16_TABLE[(crc >> 8) ^ bytes[i]];
  return crc;
}
