/**
 * @file The form of a file with one clip's features. Browser-safe.
 *
 * A header of eight 32-bit words, then the features as float32, all in the machine's byte order:
 *
 *   0 magic   1 version   2 steps   3 numbers a step   4, 5 samples (low, high)   6 CRC-32 of the features
 *   7 CRC-32 of the words before
 *
 * The highest bit of word 5 says that the sound is silent.
 */

import { crc32 } from "../../../../io/crc32.ts";

/** "AURF"; another number on a machine of the other byte order. */
const MAGIC = 0x46525541;
const VERSION = 2;
/** The flag for silent sound: the top bit of the high word of the sample count, which no real count reaches. */
const SILENT_BIT = 2 ** 31;
export const HEADER_WORDS = 8;
export const HEADER_BYTES = 4 * HEADER_WORDS;

export interface FeatureFileInfo {
  /** Steps of time. */
  readonly steps: number;
  /** The number of samples of the recording, without padding. */
  readonly samples: number;
  /** Whether the sound is silent, see silence.ts; absent where it is not. */
  readonly isSilent?: true;
}

/** The contents of a header. */
export interface FeatureHeader extends FeatureFileInfo {
  readonly stepSize: number;
  /** CRC-32 of the features. */
  readonly checksum: number;
}

export function headerWords({ steps, stepSize, samples, isSilent, checksum }: FeatureHeader): Uint32Array {
  const words = new Uint32Array(HEADER_WORDS);
  const high = Math.floor(samples / 2 ** 32) + (isSilent ? SILENT_BIT : 0);
  words.set([MAGIC, VERSION, steps, stepSize, samples >>> 0, high, checksum]);
  words[HEADER_WORDS - 1] = crc32(bytesOf(words.subarray(0, HEADER_WORDS - 1)));
  return words;
}

/** Reads a header; undefined where it is damaged, or another version wrote it. */
export function parseHeader(words: Uint32Array): FeatureHeader | undefined {
  const [, , steps, stepSize, low, high, checksum] = words;
  const isSilent = high >= SILENT_BIT;
  const samples = low + (isSilent ? high - SILENT_BIT : high) * 2 ** 32;
  const header = { steps, stepSize, samples, ...(isSilent && { isSilent }), checksum };
  const expected = headerWords(header);
  return words.length === HEADER_WORDS && words.every((word, i) => word === expected[i]) ? header : undefined;
}

/** The part of a header that users of the features ask for. */
export function infoOf({ steps, samples, isSilent }: FeatureHeader): FeatureFileInfo {
  return { steps, samples, ...(isSilent && { isSilent }) };
}

export function bytesOf(numbers: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
