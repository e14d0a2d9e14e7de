/** @file FLAC without compression: every frame holds its samples as they are (RFC 9639, verbatim subframes). */

import { joinBytes, packed } from "./containers.ts";

export interface FlacFields {
  /** 16-bit samples of one channel. */
  readonly samples: Int16Array;
  readonly blockSize: number;
  /** What the header says; default: the truth. */
  readonly claimedFrames?: number;
}

const SAMPLE_RATE = 8000;

export function flacFile({ samples, blockSize, claimedFrames = samples.length }: FlacFields): Uint8Array {
  const frames: Uint8Array[] = [];
  for (let start = 0; start < samples.length; start += blockSize) {
    frames.push(flacFrame(samples.subarray(start, start + blockSize), start / blockSize));
  }
  // 20 bits of rate, 3 of channels - 1, 5 of bits - 1, 36 of samples.
  const high = SAMPLE_RATE * 2 ** 12 + (15 << 4) + Math.floor(claimedFrames / 2 ** 32);
  const info = packed(
    "big",
    { u16: blockSize },
    { u16: blockSize },
    new Uint8Array(6),
    { u32: high },
    { u32: claimedFrames % 2 ** 32 },
    new Uint8Array(16),
  );
  return joinBytes(packed("big", { text: "fLaC" }, { u32: 0x80000000 + info.length }, info), ...frames);
}

/** Sync; sizes of block and rate as in the header: 16 bits here, and "see stream"; one channel, 16 bits. */
function flacFrame(samples: Int16Array, index: number): Uint8Array {
  const header = packed("big", { u16: 0xfff8 }, Uint8Array.of(0x70, 0x08), utf8Number(index), {
    u16: samples.length - 1,
  });
  const values = new Uint8Array(2 * samples.length);
  const view = new DataView(values.buffer);
  samples.forEach((value, i) => view.setInt16(2 * i, value, false));
  const body = joinBytes(header, Uint8Array.of(crc(header, 8, 0x07)), Uint8Array.of(0x02), values);
  return packed("big", body, { u16: crc(body, 16, 0x8005) });
}

/** As UTF-8 codes a character, up to 16 bits. */
function utf8Number(value: number): Uint8Array {
  if (value < 0x80) return Uint8Array.of(value);
  if (value < 0x800) return Uint8Array.of(0xc0 | (value >> 6), 0x80 | (value & 0x3f));
  return Uint8Array.of(0xe0 | (value >> 12), 0x80 | ((value >> 6) & 0x3f), 0x80 | (value & 0x3f));
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
