/**
 * @file Sound in 4 bits a sample: the adaptive differential codings of Microsoft and of the Interactive Multimedia
 * Association (IMA), the latter also as QuickTime cuts it into packets. Decodes to what libsndfile does, bit for bit.
 * Browser-safe.
 */

import { viewOf } from "./byte-source.ts";
import type { SampleCoding } from "./sample-coding.ts";

const SCALE = 1 / 2 ** 15;

/** IMA's step sizes. */
const STEPS = Int16Array.of(
  ...[
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88,
  ],
  ...[97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658],
  ...[724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660],
  ...[4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818],
  ...[18500, 20350, 22385, 24623, 27086, 29794, 32767],
);
/** By how much a code moves on in the table of steps. */
const STEP_CHANGES = [-1, -1, -1, -1, 2, 4, 6, 8];

/** Microsoft's factors for the step, in 1/256. */
const STEP_FACTORS = [230, 230, 230, 230, 307, 409, 512, 614, 768, 614, 512, 409, 307, 230, 230, 230];
/** Microsoft's seven predictors, in 1/256, where a header has none of its own. */
const PREDICTORS = [256, 0, 512, -256, 0, 0, 192, 64, 240, 0, 460, -208, 392, -232];
const LEAST_STEP = 16;

const QUICKTIME_PACKET_BYTES = 34;
const QUICKTIME_PACKET_FRAMES = 64;

/** How a coding cuts its blocks. */
interface Blocks {
  readonly label: string;
  readonly channels: number;
  readonly blockBytes: number;
  readonly blockFrames: number;
  /** Samples of each channel in a block of so many bytes, whole or cut short. */
  framesOf(bytes: number): number;
  /** Decodes the one block `bytes` into `out`, from `position` on. */
  decodeBlock(bytes: Uint8Array, out: readonly Float32Array[], position: number): void;
}

function codingOf({ label, channels, blockBytes, blockFrames, framesOf, decodeBlock }: Blocks): SampleCoding {
  const framesIn = (bytes: number): number => {
    const rest = Math.min(blockFrames, framesOf(bytes % blockBytes));
    return Math.floor(bytes / blockBytes) * blockFrames + rest;
  };
  return {
    label,
    bitDepth: undefined,
    blockBytes,
    blockFrames,
    framesIn,
    decode(bytes) {
      const out = Array.from({ length: channels }, () => new Float32Array(framesIn(bytes.length)));
      for (let at = 0, position = 0; at < bytes.length; at += blockBytes, position += blockFrames) {
        decodeBlock(bytes.subarray(at, at + blockBytes), out, position);
      }
      return out;
    },
  };
}

/**
 * IMA ADPCM as in wav files: for each channel a first sample (2 bytes) and a step index (1, and 1 unused), then four
 * bytes of each channel in turn, with eight codes from the lowest bits up.
 * @param blockFrames As the header says; ignored where a block cannot hold so many.
 */
export function imaCoding(channels: number, blockBytes: number, blockFrames: number): SampleCoding {
  const head = 4 * channels;
  const framesOf = (bytes: number): number =>
    bytes < head ? 0 : 1 + 8 * Math.floor((bytes - head) / (4 * channels));
  const held = framesOf(blockBytes);
  return codingOf({
    label: "IMA ADPCM",
    channels,
    blockBytes,
    blockFrames: blockFrames > 0 && blockFrames < held ? blockFrames : held,
    framesOf,
    decodeBlock(bytes, out, position) {
      if (bytes.length < head) return;
      const view = viewOf(bytes);
      const words = Math.floor((bytes.length - head) / (4 * channels));
      out.forEach((samples, channel) => {
        const state = new ImaState(view.getInt16(4 * channel, true), bytes[4 * channel + 2]);
        if (position < samples.length) samples[position] = state.value * SCALE;
        for (let word = 0, to = position + 1; word < words; word++, to += 8) {
          state.decode(bytes, head + 4 * (word * channels + channel), 4, samples, to);
        }
      });
    },
  });
}

/**
 * IMA ADPCM as in QuickTime, AIFF-C and CAF ("ima4"): packets of one channel each, in turn; 9 bits of a predicted sample
 * and 7 of a step index, then 64 codes.
 */
export function quickTimeImaCoding(channels: number): SampleCoding {
  const blockBytes = QUICKTIME_PACKET_BYTES * channels;
  return codingOf({
    label: "IMA ADPCM",
    channels,
    blockBytes,
    blockFrames: QUICKTIME_PACKET_FRAMES,
    framesOf: (bytes) => (bytes < blockBytes ? 0 : QUICKTIME_PACKET_FRAMES),
    decodeBlock(bytes, out, position) {
      if (bytes.length < blockBytes) return;
      const view = viewOf(bytes);
      out.forEach((samples, channel) => {
        const at = QUICKTIME_PACKET_BYTES * channel;
        const state = new ImaState(view.getInt16(at, false) & ~0x7f, bytes[at + 1] & 0x7f);
        state.decode(bytes, at + 2, QUICKTIME_PACKET_BYTES - 2, samples, position);
      });
    },
  });
}

class ImaState {
  value: number;
  private index: number;

  constructor(value: number, index: number) {
    this.value = value;
    this.index = Math.min(index, STEPS.length - 1);
  }

  /** Decodes two samples from each of `count` bytes into `out`, as far as it reaches. */
  decode(bytes: Uint8Array, offset: number, count: number, out: Float32Array, position: number): void {
    for (let i = 0, to = position; i < count; i++) {
      out[to++] = this.next(bytes[offset + i] & 15);
      out[to++] = this.next(bytes[offset + i] >> 4);
    }
  }

  private next(code: number): number {
    const step = STEPS[this.index];
    let change = step >> 3;
    if (code & 1) change += step >> 2;
    if (code & 2) change += step >> 1;
    if (code & 4) change += step;
    this.value = clip16(this.value + (code & 8 ? -change : change));
    this.index = Math.min(Math.max(this.index + STEP_CHANGES[code & 7], 0), STEPS.length - 1);
    return this.value * SCALE;
  }
}

/**
 * Microsoft ADPCM of one or two channels: the predictor's number (1 byte), step, second and first sample (2 each) of each
 * channel, then codes of the channels in turn, the high half of a byte first.
 * @param blockFrames As the header says; ignored where a block cannot hold so many.
 * @param predictors Pairs of factors; empty for the usual seven.
 */
export function microsoftCoding(
  channels: number,
  blockBytes: number,
  blockFrames: number,
  predictors: readonly number[],
): SampleCoding {
  const factors = predictors.length > 0 ? predictors : PREDICTORS;
  const head = 7 * channels;
  const framesOf = (bytes: number): number =>
    bytes < head ? 0 : 2 + Math.floor((2 * (bytes - head)) / channels);
  const held = framesOf(blockBytes);
  return codingOf({
    label: "Microsoft ADPCM",
    channels,
    blockBytes,
    blockFrames: blockFrames > 0 && blockFrames < held ? blockFrames : held,
    framesOf,
    decodeBlock(bytes, out, position) {
      if (bytes.length >= head) decodeMicrosoftBlock(bytes, out, position, factors);
    },
  });
}

function decodeMicrosoftBlock(
  bytes: Uint8Array,
  out: readonly Float32Array[],
  position: number,
  factors: readonly number[],
): void {
  const view = viewOf(bytes);
  const channels = out.length;
  const word = (number: number, channel: number): number =>
    view.getInt16(channels + 2 * (number * channels + channel), true);
  out.forEach((samples, channel) => {
    const pair = 2 * Math.min(bytes[channel], factors.length / 2 - 1);
    let step = word(0, channel);
    let last = word(1, channel);
    let before = word(2, channel);
    const end = Math.min(samples.length, position + 2 + (2 * (bytes.length - 7 * channels)) / channels);
    if (position < end) samples[position] = before * SCALE;
    if (position + 1 < end) samples[position + 1] = last * SCALE;
    for (let to = position + 2, half = channel; to < end; to++, half += channels) {
      const byte = bytes[7 * channels + (half >> 1)];
      const code = half & 1 ? byte & 15 : byte >> 4;
      const predicted = (last * factors[pair] + before * factors[pair + 1]) >> 8;
      before = last;
      last = clip16(predicted + (code < 8 ? code : code - 16) * step);
      step = Math.max((STEP_FACTORS[code] * step) >> 8, LEAST_STEP);
      samples[to] = last * SCALE;
    }
  });
}

function clip16(value: number): number {
  return Math.min(Math.max(value, -32_768), 32_767);
}
