/** @file Files with features in a browser's storage. `feature-files-node.ts` is the same for Node.js. */

import { store } from "#here/io/store/store";
import { crc32 } from "../../../../io/crc32.ts";
import type { FeatureFiles, FeatureWriter } from "./feature-files.ts";
import { bytesOf, HEADER_BYTES, headerWords, infoOf, parseHeader } from "./feature-format.ts";

export const featureFiles: FeatureFiles = {
  async create(folder, stepSize) {
    await store.makeFolder(folder);
    return new BufferedWriter(stepSize);
  },

  async check(path, stepSize) {
    const bytes = await store.read(path).catch(() => undefined);
    if (!bytes || bytes.length < HEADER_BYTES) return undefined;
    const header = parseHeader(wordsOf(bytes.subarray(0, HEADER_BYTES)));
    if (header?.stepSize !== stepSize) return undefined;
    if (bytes.length !== HEADER_BYTES + 4 * header.steps * stepSize) return undefined;
    return crc32(bytes.subarray(HEADER_BYTES)) === header.checksum ? infoOf(header) : undefined;
  },

  async stepSize(path) {
    const bytes = await readPart(path, 0, HEADER_BYTES);
    return bytes?.length === HEADER_BYTES ? wordsOf(bytes)[3] : undefined;
  },

  // A browser reads its storage while the caller waits.
  readNow: () => false,

  async read(path, first, into) {
    const bytes = await readPart(path, HEADER_BYTES + 4 * first, into.byteLength);
    if (bytes?.length !== into.byteLength) return false;
    bytesOf(into).set(bytes);
    return true;
  },

  // A browser does not set the times of files: those that were made first go first.
  markUsed: () => Promise.resolve(),

  // What is not finished has not been written.
  removeUnfinished: () => Promise.resolve(),
};

/** Keeps the features of a clip until they are whole: a browser writes a file in one go, and then as fast as it can. */
class BufferedWriter implements FeatureWriter {
  private readonly stepSize: number;
  private pieces: Float32Array[] = [];
  private numbers = 0;

  constructor(stepSize: number) {
    this.stepSize = stepSize;
  }

  append(steps: Float32Array): void {
    this.pieces.push(steps.slice());
    this.numbers += steps.length;
  }

  async finish(path: string, samples: number, isSilent = false): Promise<void> {
    const { stepSize } = this;
    const file = new Uint8Array(HEADER_BYTES + 4 * this.numbers);
    let at = HEADER_BYTES;
    for (const piece of this.pieces) {
      file.set(bytesOf(piece), at);
      at += piece.byteLength;
    }
    this.discard();
    const checksum = crc32(file.subarray(HEADER_BYTES));
    const steps = (file.length - HEADER_BYTES) / 4 / stepSize;
    file.set(bytesOf(headerWords({ steps, stepSize, samples, ...(isSilent && { isSilent }), checksum })));
    await store.writeAtomic(path, file);
  }

  discard(): void {
    this.pieces = [];
    this.numbers = 0;
  }
}

async function readPart(path: string, offset: number, length: number): Promise<Uint8Array | undefined> {
  try {
    const file = await store.open(path);
    try {
      return await file.read(offset, length);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.slice().buffer);
}
