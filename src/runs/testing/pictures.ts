/** @file Small pictures in folders, for tests of runs on images: stripes that lie or stand, in noise. */

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { deriveKey, Generator } from "../../random/generator.ts";

const SIDE = 16;
const HEADER_BYTES = 54;

/** A bmp file of 24 bits, 16 pixels wide and high: stripes of a random colour, 2 pixels wide. */
export function stripesFile({
  stands,
  seed,
}: {
  readonly stands: boolean;
  readonly seed: number;
}): Uint8Array {
  const random = new Generator(deriveKey(seed, "stripes"));
  const bytes = new Uint8Array(HEADER_BYTES + 3 * SIDE * SIDE);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, HEADER_BYTES, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, SIDE, true);
  view.setInt32(22, SIDE, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  const color = [0, 1, 2].map(() => 128 + random.integer(128));
  const phase = random.integer(4);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const isLit = ((stands ? x : y) + phase) % 4 < 2;
      color.forEach((value, channel) => {
        bytes[HEADER_BYTES + 3 * (SIDE * y + x) + channel] =
          (isLit ? value : 0) * (0.8 + 0.2 * random.uniform());
      });
    }
  }
  return bytes;
}

/** Writes a file, and the folders around it. */
export async function writePicture(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}

/** Writes the folders "lying" and "standing" with so many pictures each, from `0.bmp`. @param seed others for each */
export async function writeStripesFolder(folder: string, count: number, seed = 0): Promise<void> {
  for (const [index, name] of ["lying", "standing"].entries()) {
    for (let i = 0; i < count; i++) {
      const bytes = stripesFile({ stands: index === 1, seed: 10_000 * seed + 1000 * index + i });
      await writePicture(join(folder, name, `${i}.bmp`), bytes);
    }
  }
}
