/** @file FLAC files (RFC 9639) of any kind of subframe, without a thought of how small they get. */

import { joinBytes, packed } from "./containers.ts";

export interface FlacFields {
  /** 16-bit samples of one channel. */
  readonly samples: Int16Array;
  readonly blockSize: number;
  /** The number of samples in the header. Default: that of `samples`. */
  readonly claimedFrames?: number;
}

/** How a channel of a frame is coded: as it is, or as what remains beside a prediction, in Rice codes. */
export type Coding =
  | { readonly kind: "constant" }
  | { readonly kind: "verbatim" }
  | {
      readonly kind: "predicted";
      /** Factors of the samples before, the nearest first; without a shift one of the fixed predictions. */
      readonly factors: readonly number[];
      readonly shift?: number;
      /** Base-2 logarithm of the number of partitions. */
      readonly partitions?: number;
      /** The parameter of the Rice codes; "plain" writes 32-bit numbers instead. */
      readonly parameter: number | "plain";
    };

export interface FlacFrameFields {
  /** Whole numbers, one array a channel. */
  readonly channels: readonly (readonly number[])[];
  readonly bits: number;
  readonly coding: Coding;
  /** Lowest bits of all samples that are zeros and are left out. */
  readonly wasted?: number;
  /** Two channels as one of them and their difference, or as their mean and difference. */
  readonly stereo?: "left-side" | "side-right" | "mid-side";
  /** Number of the first sample. */
  readonly firstSample: number;
}

const SAMPLE_RATE = 8000;
const ASSIGNMENTS = { "left-side": 8, "side-right": 9, "mid-side": 10 };

export function flacFile({ samples, blockSize, claimedFrames = samples.length }: FlacFields): Uint8Array {
  const frames: Uint8Array[] = [];
  for (let start = 0; start < samples.length; start += blockSize) {
    frames.push(verbatimFrame(samples.subarray(start, start + blockSize), start / blockSize));
  }
  return joinBytes(flacHeader(1, 16, blockSize, claimedFrames), ...frames);
}

/** "fLaC" and the stream's header. */
export function flacHeader(
  channels: number,
  bits: number,
  blockSize: number,
  claimedFrames: number,
): Uint8Array {
  // 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of samples.
  const layout = ((channels - 1) << 9) + ((bits - 1) << 4);
  const info = packed(
    "big",
    { u16: blockSize },
    { u16: blockSize },
    new Uint8Array(6),
    { u32: SAMPLE_RATE * 2 ** 12 + layout + Math.floor(claimedFrames / 2 ** 32) },
    { u32: claimedFrames % 2 ** 32 },
    new Uint8Array(16),
  );
  return packed("big", { text: "fLaC" }, { u32: 0x80000000 + info.length }, info);
}

/** Sync; sizes of block and rate as in the header: 16 bits here, and "see stream"; one channel, 16 bits. */
function verbatimFrame(samples: Int16Array, index: number): Uint8Array {
  const header = packed("big", { u16: 0xfff8 }, Uint8Array.of(0x70, 0x08), codedNumber(index), {
    u16: samples.length - 1,
  });
  const values = new Uint8Array(2 * samples.length);
  const view = new DataView(values.buffer);
  samples.forEach((value, i) => view.setInt16(2 * i, value, false));
  const body = joinBytes(header, Uint8Array.of(crc(header, 8, 0x07)), Uint8Array.of(0x02), values);
  return packed("big", body, { u16: crc(body, 16, 0x8005) });
}

/** A frame of any length and kind. */
export function flacFrame(fields: FlacFrameFields): Uint8Array {
  const { channels, bits, coding, wasted = 0, stereo, firstSample } = fields;
  const assignment = stereo ? ASSIGNMENTS[stereo] : channels.length - 1;
  const header = packed(
    "big",
    { u16: 0xfff9 },
    // The depth is left to the stream's header.
    Uint8Array.of(0x70, assignment << 4),
    codedNumber(firstSample),
    { u16: channels[0].length - 1 },
  );
  const out = new BitWriter();
  codedChannels(channels, stereo).forEach((samples, c) => {
    const isDifference = stereo === "side-right" ? c === 0 : stereo !== undefined && c === 1;
    writeSubframe(out, samples, bits + (isDifference ? 1 : 0), coding, wasted);
  });
  const body = joinBytes(header, Uint8Array.of(crc(header, 8, 0x07)), out.bytes());
  return packed("big", body, { u16: crc(body, 16, 0x8005) });
}

function codedChannels(
  channels: FlacFrameFields["channels"],
  stereo: FlacFrameFields["stereo"],
): FlacFrameFields["channels"] {
  const [left, right] = channels;
  if (!stereo) return channels;
  const side = left.map((value, i) => value - right[i]);
  if (stereo === "left-side") return [left, side];
  return stereo === "side-right"
    ? [side, right]
    : [left.map((value, i) => Math.floor((value + right[i]) / 2)), side];
}

function writeSubframe(
  out: BitWriter,
  samples: readonly number[],
  bits: number,
  coding: Coding,
  wasted: number,
): void {
  const depth = bits - wasted;
  const values = samples.map((value) => value / 2 ** wasted);
  out.write(typeOf(coding), 7);
  out.write(wasted > 0 ? 1 : 0, 1);
  if (wasted > 0) out.write(1, wasted);
  if (coding.kind === "constant") {
    out.write(values[0], depth);
    return;
  }
  if (coding.kind === "verbatim") {
    for (const value of values) out.write(value, depth);
    return;
  }
  const { factors, shift, partitions = 0, parameter } = coding;
  const order = factors.length;
  values.slice(0, order).forEach((value) => out.write(value, depth));
  if (shift !== undefined) {
    out.write(14, 4);
    out.write(shift, 5);
    factors.forEach((factor) => out.write(factor, 15));
  }
  const scale = 2 ** (shift ?? 0);
  const residual = values
    .map(
      (value, i) =>
        value - Math.floor(factors.reduce((sum, factor, j) => sum + factor * values[i - 1 - j], 0) / scale),
    )
    .slice(order);
  writeResidual(out, residual, order, partitions, parameter);
}

function typeOf(coding: Coding): number {
  if (coding.kind === "constant") return 0;
  if (coding.kind === "verbatim") return 1;
  return coding.shift === undefined ? 8 + coding.factors.length : 31 + coding.factors.length;
}

function writeResidual(
  out: BitWriter,
  residual: readonly number[],
  order: number,
  partitions: number,
  parameter: number | "plain",
): void {
  // The second method: parameters of 5 bits.
  out.write(1, 2);
  out.write(partitions, 4);
  const length = (residual.length + order) / 2 ** partitions;
  for (let partition = 0; partition < 2 ** partitions; partition++) {
    const from = partition === 0 ? 0 : partition * length - order;
    const part = residual.slice(from, (partition + 1) * length - order);
    out.write(parameter === "plain" ? 31 : parameter, 5);
    if (parameter === "plain") out.write(31, 5);
    for (const value of part) {
      if (parameter === "plain") out.write(value, 31);
      else {
        const code = value < 0 ? -2 * value - 1 : 2 * value;
        out.write(1, Math.floor(code / 2 ** parameter) + 1);
        out.write(code % 2 ** parameter, parameter);
      }
    }
  }
}

/** Bits, the highest first. */
class BitWriter {
  private readonly bits: number[] = [];

  write(value: number, count: number): void {
    // In two's complement, of any length.
    const unsigned = value < 0 ? BigInt(value) + (1n << BigInt(count)) : BigInt(value);
    for (let i = count - 1; i >= 0; i--) this.bits.push(Number((unsigned >> BigInt(i)) & 1n));
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.bits.length / 8));
    this.bits.forEach((bit, i) => (bytes[i >> 3] |= bit << (7 - (i & 7))));
    return bytes;
  }
}

/** Codes a number of up to 26 bits as UTF-8 codes a character. */
function codedNumber(value: number): Uint8Array {
  if (value < 0x80) return Uint8Array.of(value);
  let count = 1;
  while (value >= 2 ** (6 + 5 * count)) count++;
  const lead = (0xff00 >> (count + 1)) & 0xff;
  const tail = Array.from({ length: count }, (_, i) => 0x80 | ((value >> (6 * (count - 1 - i))) & 0x3f));
  return Uint8Array.of(lead | (value >> (6 * count)), ...tail);
}

function crc(bytes: Uint8Array, bits: number, polynomial: number): number {
  let sum = 0;
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const carry = ((sum >> (bits - 1)) & 1) ^ ((byte >> bit) & 1);
      sum = ((sum << 1) ^ (carry ? polynomial : 0)) & (2 ** bits - 1);
    }
  }
  return sum;
}
