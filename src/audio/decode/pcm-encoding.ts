/** @file The ways in which uncompressed formats write a sample, and the loops that read them. Browser-safe. */

import { viewOf } from "./byte-source.ts";

export type PcmEncoding =
  | "unsigned-8"
  | "signed-8"
  | "signed-16-little"
  | "signed-16-big"
  | "signed-24-little"
  | "signed-24-big"
  | "signed-32-little"
  | "signed-32-big"
  | "float-32-little"
  | "float-32-big"
  | "float-64-little"
  | "float-64-big"
  | "mu-law"
  | "a-law";

/** Reads `out.length` samples, the first at byte `offset` and each `stride` bytes after the one before. */
type SampleLoop = (bytes: Uint8Array, offset: number, stride: number, out: Float32Array) => void;

interface EncodingRow {
  readonly bytes: number;
  /** For people. */
  readonly label: string;
  readonly bitDepth: number;
  readonly read: SampleLoop;
}

// Whole numbers are divided by 2^(bits-1), as libsndfile and FFmpeg do: full scale is -1 … just below 1.
const SCALE_8 = 1 / 2 ** 7;
const SCALE_16 = 1 / 2 ** 15;
const SCALE_32 = 1 / 2 ** 31;

const MU_LAW_TABLE = Float32Array.from({ length: 256 }, (_, code) => muLawValue(code));
const A_LAW_TABLE = Float32Array.from({ length: 256 }, (_, code) => aLawValue(code));

export const PCM_ENCODINGS: Readonly<Record<PcmEncoding, EncodingRow>> = {
  "unsigned-8": {
    bytes: 1,
    label: "8-bit PCM",
    bitDepth: 8,
    read: (bytes, offset, stride, out) => {
      for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = (bytes[at] - 128) * SCALE_8;
    },
  },
  "signed-8": {
    bytes: 1,
    label: "8-bit PCM",
    bitDepth: 8,
    read: (bytes, offset, stride, out) => {
      for (let i = 0, at = offset; i < out.length; i++, at += stride)
        out[i] = ((bytes[at] << 24) >> 24) * SCALE_8;
    },
  },
  "signed-16-little": { bytes: 2, label: "16-bit PCM", bitDepth: 16, read: signed16(1, 0) },
  "signed-16-big": { bytes: 2, label: "16-bit PCM", bitDepth: 16, read: signed16(0, 1) },
  "signed-24-little": { bytes: 3, label: "24-bit PCM", bitDepth: 24, read: signed24(2, 0) },
  "signed-24-big": { bytes: 3, label: "24-bit PCM", bitDepth: 24, read: signed24(0, 2) },
  "signed-32-little": {
    bytes: 4,
    label: "32-bit PCM",
    bitDepth: 32,
    read: viewed((view, at) => view.getInt32(at, true) * SCALE_32),
  },
  "signed-32-big": {
    bytes: 4,
    label: "32-bit PCM",
    bitDepth: 32,
    read: viewed((view, at) => view.getInt32(at, false) * SCALE_32),
  },
  "float-32-little": {
    bytes: 4,
    label: "32-bit float",
    bitDepth: 32,
    read: viewed((view, at) => view.getFloat32(at, true)),
  },
  "float-32-big": {
    bytes: 4,
    label: "32-bit float",
    bitDepth: 32,
    read: viewed((view, at) => view.getFloat32(at, false)),
  },
  "float-64-little": {
    bytes: 8,
    label: "64-bit float",
    bitDepth: 64,
    read: viewed((view, at) => view.getFloat64(at, true)),
  },
  "float-64-big": {
    bytes: 8,
    label: "64-bit float",
    bitDepth: 64,
    read: viewed((view, at) => view.getFloat64(at, false)),
  },
  "mu-law": { bytes: 1, label: "mu-law", bitDepth: 8, read: looked(MU_LAW_TABLE) },
  "a-law": { bytes: 1, label: "A-law", bitDepth: 8, read: looked(A_LAW_TABLE) },
};

/** The encoding of signed whole numbers that fill `bytes` bytes; undefined where there is none. */
export function signedEncoding(bytes: number, endian: "little" | "big"): PcmEncoding | undefined {
  if (bytes === 1) return "signed-8";
  if (bytes === 2) return `signed-16-${endian}`;
  if (bytes === 3) return `signed-24-${endian}`;
  if (bytes === 4) return `signed-32-${endian}`;
  return undefined;
}

/** Interleaved frames as one array for each channel; `bytes` holds whole frames. */
export function readPcm(bytes: Uint8Array, encoding: PcmEncoding, channels: number): Float32Array[] {
  const row = PCM_ENCODINGS[encoding];
  const stride = row.bytes * channels;
  const frames = Math.floor(bytes.length / stride);
  const words = encoding === "signed-16-little" && channels === 2 ? wordsAt(bytes, 0) : undefined;
  if (words) return stereoOf(words, frames);
  return Array.from({ length: channels }, (_, channel) => {
    const out = new Float32Array(frames);
    row.read(bytes, channel * row.bytes, stride, out);
    return out;
  });
}

/** Reads what most files hold, in one pass: in half the time that channel by channel takes. */
function stereoOf(words: Int16Array, frames: number): Float32Array[] {
  const [left, right] = [new Float32Array(frames), new Float32Array(frames)];
  for (let i = 0; i < frames; i++) {
    left[i] = words[2 * i] * SCALE_16;
    right[i] = words[2 * i + 1] * SCALE_16;
  }
  return [left, right];
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** The 16-bit numbers from byte `offset` on as the processor has them; undefined where they do not lie so. */
function wordsAt(bytes: Uint8Array, offset: number): Int16Array | undefined {
  const first = bytes.byteOffset + offset;
  if (!IS_LITTLE_ENDIAN || first % 2 !== 0) return undefined;
  return new Int16Array(bytes.buffer, first, (bytes.length - offset) >> 1);
}

function signed16(high: number, low: number): SampleLoop {
  return (bytes, offset, stride, out) => {
    const words = high === 1 ? wordsAt(bytes, offset) : undefined;
    if (words) {
      for (let i = 0, at = 0, step = stride >> 1; i < out.length; i++, at += step)
        out[i] = words[at] * SCALE_16;
      return;
    }
    for (let i = 0, at = offset; i < out.length; i++, at += stride) {
      out[i] = (((bytes[at + high] << 24) >> 16) | bytes[at + low]) * SCALE_16;
    }
  };
}

function signed24(high: number, low: number): SampleLoop {
  return (bytes, offset, stride, out) => {
    for (let i = 0, at = offset; i < out.length; i++, at += stride) {
      out[i] = ((bytes[at + high] << 24) | (bytes[at + 1] << 16) | (bytes[at + low] << 8)) * SCALE_32;
    }
  };
}

function viewed(get: (view: DataView, at: number) => number): SampleLoop {
  return (bytes, offset, stride, out) => {
    const view = viewOf(bytes);
    for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = get(view, at);
  };
}

function looked(table: Float32Array): SampleLoop {
  return (bytes, offset, stride, out) => {
    for (let i = 0, at = offset; i < out.length; i++, at += stride) out[i] = table[bytes[at]];
  };
}

/** ITU-T G.711, mu-law: all bits inverted; sign, 3 bits of exponent, 4 of mantissa, over a bias of 33; 14-bit values. */
function muLawValue(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 1) + 33) << ((bits >> 4) & 7)) - 33;
  return ((bits & 0x80 ? -magnitude : magnitude) * 4) / 2 ** 15;
}

/** ITU-T G.711, A-law: even bits inverted; sign, 3 bits of exponent, 4 of mantissa; 13-bit values. */
function aLawValue(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 0x0f) << 1) + 1;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 32) << (exponent - 1);
  return ((bits & 0x80 ? magnitude : -magnitude) * 8) / 2 ** 15;
}
