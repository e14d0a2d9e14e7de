/**
 * @file The binary form of CIFAR-10: records of one byte for the class and 3,072 for a picture of 32 × 32, all red values
 * first, then green, then blue (https://www.cs.toronto.edu/~kriz/cifar.html). Browser-safe.
 */

import { AuricleError } from "../../errors.ts";
import { imageDataset } from "../array-dataset.ts";
import type { Dataset } from "../dataset.ts";
import type { DatasetRole } from "../definition.ts";

const SIDE = 32;
const CHANNELS = 3;
const PIXELS = SIDE * SIDE;
const RECORD = 1 + CHANNELS * PIXELS;

/** The size of one of the files: ten thousand records. */
export const CIFAR_FILE_BYTES = 10_000 * RECORD;

/** The files of each part, as the archive has them. */
export const CIFAR_FILES: Readonly<Record<DatasetRole, readonly string[]>> = {
  train: [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`),
  test: ["test_batch.bin"],
};

export const CIFAR_CLASSES: readonly string[] = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/** A file's records. */
export interface CifarFile {
  /** For messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * The pictures of some files, one file after the other.
 * @throws AuricleError "file" for one that is empty or cut short, "data" for a class that is none of the ten.
 */
export function cifarDataset(name: string, files: readonly CifarFile[]): Dataset {
  for (const { path, bytes } of files) {
    if (bytes.length > 0 && bytes.length % RECORD === 0) continue;
    throw new AuricleError(
      "file",
      `${path}: not a complete CIFAR-10 file: it must have records of ${RECORD} bytes; got ${bytes.length} bytes`,
    );
  }
  const count = files.reduce((sum, { bytes }) => sum + bytes.length / RECORD, 0);
  const images = new Uint8Array(count * CHANNELS * PIXELS);
  const labels = new Uint8Array(count);
  let example = 0;
  for (const { bytes } of files) {
    for (let record = 0; record < bytes.length; record += RECORD, example++) {
      labels[example] = bytes[record];
      interleave(bytes.subarray(record + 1, record + RECORD), images, example * CHANNELS * PIXELS);
    }
  }
  return imageDataset({
    name,
    images,
    imageShape: [SIDE, SIDE, CHANNELS],
    labels,
    classNames: CIFAR_CLASSES,
  });
}

/** Writes planes of red, green and blue as pixels, from a position on. */
function interleave(planes: Uint8Array, pixels: Uint8Array, at: number): void {
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      pixels[at + CHANNELS * pixel + channel] = planes[PIXELS * channel + pixel];
    }
  }
}
