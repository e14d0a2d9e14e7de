/** @file A small data set as a folder of IDX files, for tests. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { digitsDataset, type Dataset, type DatasetRole } from "../../data/index.ts";
import { sizeOf } from "../../tensor/shape.ts";

/** The bytes of an IDX file of unsigned bytes (format: src/data/idx.ts). */
export function idxBytes(shape: readonly number[], data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, 8, shape.length]);
  shape.forEach((length, axis) => view.setUint32(4 + 4 * axis, length));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

/** Writes `counts` built-in digits as IDX files under MNIST's names. */
export async function writeDigitsFolder(
  folder: string,
  counts: Readonly<Record<DatasetRole, number>>,
): Promise<void> {
  for (const role of ["train", "test"] as const) {
    const dataset = digitsDataset({ role, count: counts[role] });
    const stem = role === "train" ? "train" : "t10k";
    const { images, labels } = await bytesOf(dataset);
    await writeFile(join(folder, `${stem}-images-idx3-ubyte`), idxBytes([dataset.length, 28, 28], images));
    await writeFile(join(folder, `${stem}-labels-idx1-ubyte`), idxBytes([dataset.length], labels));
  }
}

async function bytesOf(dataset: Dataset): Promise<{ images: Uint8Array; labels: Uint8Array }> {
  const indices = Array.from({ length: dataset.length }, (_, i) => i);
  const inputs = new Float32Array(dataset.length * sizeOf(dataset.inputShape));
  const targets = new Int32Array(dataset.length);
  await dataset.read(indices, inputs, targets);
  return {
    images: Uint8Array.from(inputs, (value) => Math.round(255 * value)),
    labels: Uint8Array.from(targets),
  };
}
