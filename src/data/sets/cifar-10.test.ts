import { mkdir, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { create } from "tar";
import { expect, it } from "vitest";
import { labelsOf } from "../dataset.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { loadCifar10 } from "./cifar-10.ts";

/** The archive as its authors pack it, with `count` records in each file, whose classes are the file's number. */
async function archiveOf(files: readonly string[], count: number): Promise<string> {
  const folder = await temporaryFolder();
  const inside = "cifar-10-batches-bin";
  await mkdir(join(folder, inside));
  for (const [number, name] of files.entries()) {
    const bytes = new Uint8Array(3073 * count);
    // What cannot be packed, so that the archive has several pieces.
    for (let i = 0, state = 1 + number; i < bytes.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      bytes[i] = state >>> 24;
    }
    for (let i = 0; i < count; i++) bytes[3073 * i] = number;
    await writeFile(join(folder, inside, name), bytes);
  }
  await writeFile(join(folder, inside, "readme.html"), "x");
  const path = join(folder, "cifar-10-binary.tar.gz");
  await create({ cwd: folder, file: path, gzip: true }, [inside]);
  return path;
}

const NAMES = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`);

it("reads both parts out of the archive, the files of training one after the other", async () => {
  const path = await archiveOf([...NAMES, "test_batch.bin"], 40);
  const train = await loadCifar10(path, "train");
  expect(train.inputShape).toEqual([32, 32, 3]);
  expect([...(await labelsOf(train))]).toEqual(Array.from({ length: 200 }, (_, i) => Math.floor(i / 40)));
  const test = await loadCifar10(path, "test");
  expect([...(await labelsOf(test))]).toEqual(new Array(40).fill(5));
});

it("refuses an archive that lacks a file, or is cut short", async () => {
  const path = await archiveOf(NAMES, 20);
  await expect(loadCifar10(path, "test")).rejects.toThrow(/test_batch.bin is not in it; download it again/);
  await truncate(path, Math.floor((await stat(path)).size / 2));
  await expect(loadCifar10(path, "train")).rejects.toThrow(/cifar-10-binary.tar.gz: it is damaged/);
});
