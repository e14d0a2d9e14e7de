/**
 * @file Files with features on a disk, read and written without waiting. Node only; `feature-files-browser.ts` is the same for
 * browsers.
 *
 * A file is written beside its place and renamed. It is not flushed to the disk, which would take longer than
 * computing it again: what a power cut leaves of it does not match its CRC.
 */

import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pid } from "node:process";
import { threadId } from "node:worker_threads";
import { crc32 } from "node:zlib";
import {
  bytesOf,
  HEADER_BYTES,
  HEADER_WORDS,
  headerWords,
  parseHeader,
  infoOf,
  type FeatureFileInfo,
} from "./feature-format.ts";
import { TEMPORARY_SUFFIX, type FeatureFiles, type FeatureWriter } from "./feature-files.ts";

const PIECE_BYTES = 1 << 20;

/** The start of the names of all files that a thread of this process is writing. */
function temporaryMark(thread: number): string {
  return `${pid}-${thread}-`;
}

let written = 0;

export const featureFiles: FeatureFiles = {
  async create(folder, stepSize) {
    mkdirSync(folder, { recursive: true });
    return new FeatureFileWriter(folder, stepSize);
  },
  check: (path, stepSize) => Promise.resolve(checkFeatureFile(path, stepSize)),
  stepSize: (path) => Promise.resolve(stepSizeOf(path)),
  readNow: readFeatures,
  read: (path, first, into) => Promise.resolve(readFeatures(path, first, into)),

  /** The time of modification is that of the last use: many systems keep no time of access. */
  markUsed(path) {
    const now = new Date();
    try {
      utimesSync(path, now, now);
    } catch {
      // In a cache of another user, or just removed: it can still be read, or is computed again.
    }
    return Promise.resolve();
  },

  async removeUnfinished(folder, threads) {
    const marks = threads.map(temporaryMark);
    const names = await readdir(folder).catch(() => []);
    const own = names.filter((name) => {
      return name.endsWith(TEMPORARY_SUFFIX) && marks.some((mark) => name.startsWith(mark));
    });
    await Promise.all(own.map((name) => rm(join(folder, name), { force: true })));
  },
};

class FeatureFileWriter implements FeatureWriter {
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

  append(steps: Float32Array): void {
    const bytes = bytesOf(steps);
    this.write(bytes, HEADER_BYTES + 4 * this.numbers);
    this.checksum = crc32(bytes, this.checksum);
    this.numbers += steps.length;
  }

  async finish(path: string, samples: number, isSilent = false): Promise<void> {
    const { stepSize, checksum } = this;
    const steps = this.numbers / stepSize;
    this.write(
      bytesOf(headerWords({ steps, stepSize, samples, ...(isSilent && { isSilent }), checksum })),
      0,
    );
    closeSync(this.file);
    try {
      renameSync(this.temporary, path);
    } catch (cause) {
      // Windows refuses to replace a file that another process reads: that one has the same content.
      rmSync(this.temporary, { force: true });
      if (!existsSync(path)) throw cause;
    }
  }

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

function checkFeatureFile(path: string, stepSize: number): FeatureFileInfo | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const words = new Uint32Array(HEADER_WORDS);
    if (readSync(file, words, 0, HEADER_BYTES, 0) !== HEADER_BYTES) return undefined;
    const header = parseHeader(words);
    if (header?.stepSize !== stepSize) return undefined;
    const bytes = 4 * header.steps * stepSize;
    if (fstatSync(file).size !== HEADER_BYTES + bytes) return undefined;
    return checksumOf(file, bytes) === header.checksum ? infoOf(header) : undefined;
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

function stepSizeOf(path: string): number | undefined {
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

function readFeatures(path: string, first: number, into: Float32Array): boolean {
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
