/**
 * @file One clip's features in a file. Node only.
 *
 * A header of eight 32-bit words, then the features as float32, all in the machine's byte order:
 *
 *   0 magic   1 version   2 steps   3 numbers a step   4, 5 samples (low, high)   6 CRC-32 of the features
 *   7 CRC-32 of the words before
 *
 * The highest bit of word 5 says that the sound is silent.
 *
 * It is written beside its place and renamed. It is not flushed to the disk, which would take longer than
 * computing it again: what a power cut leaves of it does not match its CRC.
 */

import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pid } from "node:process";
import { threadId } from "node:worker_threads";
import { crc32 } from "node:zlib";

/** "AURF"; another number on a machine of the other byte order. */
const MAGIC = 0x46525541;
const VERSION = 2;
/** The flag for silent sound: the top bit of the high word of the sample count, which no real count reaches. */
const SILENT_BIT = 2 ** 31;
const HEADER_WORDS = 8;
const HEADER_BYTES = 4 * HEADER_WORDS;
const PIECE_BYTES = 1 << 20;

/** The end of names of files that are being written. */
export const TEMPORARY_SUFFIX = ".tmp";

export interface FeatureFileInfo {
  /** Steps of time. */
  readonly steps: number;
  /** The number of samples of the recording, without padding. */
  readonly samples: number;
  /** Whether the sound is silent, see silence.ts; absent where it is not. */
  readonly isSilent?: true;
}

/** The start of the names of all files that a thread of this process is writing. */
export function temporaryMark(thread: number): string {
  return `${pid}-${thread}-`;
}

let written = 0;

/** Writes features step by step. All that it throws are errors of the file system. */
export class FeatureFileWriter {
  private readonly temporary: string;
  private readonly stepSize: number;
  private readonly file: number;
  private checksum = 0;
  private numbers = 0;

  constructor(folder: string, stepSize: number) {
    this.stepSize = stepSize;
    this.temporary = join(folder, `${temporaryMark(threadId)}${written++}${TEMPORARY_SUFFIX}`);
    this.file = openSync(this.temporary, "wx");
    this.write(new Uint8Array(HEADER_BYTES), 0);
  }

  /** Adds whole steps. */
  append(steps: Float32Array): void {
    const bytes = bytesOf(steps);
    this.write(bytes, HEADER_BYTES + 4 * this.numbers);
    this.checksum = crc32(bytes, this.checksum);
    this.numbers += steps.length;
  }

  /** Puts the file in its place, in the same folder. @param samples the number of samples of the recording, without padding */
  finish(path: string, samples: number, isSilent = false): void {
    const steps = this.numbers / this.stepSize;
    this.write(bytesOf(header(steps, this.stepSize, wordsOf(samples, isSilent), this.checksum)), 0);
    closeSync(this.file);
    try {
      renameSync(this.temporary, path);
    } catch (cause) {
      // Windows refuses to replace a file that another process reads: that one has the same content.
      rmSync(this.temporary, { force: true });
      if (!existsSync(path)) throw cause;
    }
  }

  /** Leaves nothing behind. */
  discard(): void {
    try {
      closeSync(this.file);
    } catch {
      // `finish` has closed it.
    }
    rmSync(this.temporary, { force: true });
  }

  private write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.file, bytes, done, bytes.length - done, position + done);
    }
  }
}

type SampleWords = readonly [low: number, highAndFlag: number];

function wordsOf(samples: number, isSilent: boolean): SampleWords {
  return [samples >>> 0, Math.floor(samples / 2 ** 32) + (isSilent ? SILENT_BIT : 0)];
}

function header(steps: number, stepSize: number, samples: SampleWords, checksum: number): Uint32Array {
  const words = new Uint32Array(HEADER_WORDS);
  words.set([MAGIC, VERSION, steps, stepSize, ...samples, checksum]);
  words[HEADER_WORDS - 1] = crc32(bytesOf(words.subarray(0, HEADER_WORDS - 1)));
  return words;
}

/**
 * Describes a file if it is whole; this takes reading it through for its checksums.
 * @returns undefined where there is no such file, or a damaged one
 */
export function checkFeatureFile(path: string, stepSize: number): FeatureFileInfo | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const words = new Uint32Array(HEADER_WORDS);
    if (readSync(file, words, 0, HEADER_BYTES, 0) !== HEADER_BYTES) return undefined;
    const [, , steps, , low, high, checksum] = words;
    const isSilent = high >= SILENT_BIT;
    const samples = low + (isSilent ? high - SILENT_BIT : high) * 2 ** 32;
    const expected = header(steps, stepSize, [low, high], checksum);
    if (!words.every((word, i) => word === expected[i])) return undefined;
    const bytes = 4 * steps * stepSize;
    if (fstatSync(file).size !== HEADER_BYTES + bytes) return undefined;
    return checksumOf(file, bytes) === checksum
      ? { steps, samples, ...(isSilent && { isSilent }) }
      : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** The numbers of a step by a file's header, unchecked; undefined where it cannot be read. */
export function stepSizeOf(path: string): number | undefined {
  try {
    const file = openSync(path, "r");
    try {
      const words = new Uint32Array(HEADER_WORDS);
      return readSync(file, words, 0, HEADER_BYTES, 0) === HEADER_BYTES ? words[3] : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

const piece = new Uint8Array(PIECE_BYTES);

function checksumOf(file: number, bytes: number): number {
  let checksum = 0;
  for (let done = 0; done < bytes;) {
    const read = readSync(file, piece, 0, Math.min(PIECE_BYTES, bytes - done), HEADER_BYTES + done);
    if (read === 0) return NaN;
    checksum = crc32(piece.subarray(0, read), checksum);
    done += read;
  }
  return checksum;
}

/**
 * Reads features from number `first` on until `into` is full.
 * @returns false where the file is gone
 */
export function readFeatures(path: string, first: number, into: Float32Array): boolean {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return false;
  }
  try {
    const bytes = bytesOf(into);
    for (let done = 0; done < bytes.length;) {
      const read = readSync(file, bytes, done, bytes.length - done, HEADER_BYTES + 4 * first + done);
      if (read === 0) return false;
      done += read;
    }
    return true;
  } finally {
    closeSync(file);
  }
}

function bytesOf(numbers: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
