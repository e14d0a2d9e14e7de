/** @file Threads that read pictures ahead, with the sources built to JavaScript. */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildSources, removeSources } from "../../audio/features/testing/built-sources.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import type { PictureDatasetOptions } from "../picture-dataset.ts";
import { scene, writePictures } from "../testing/pictures.ts";
import type { EpochsRead, EpochsRequest } from "./testing/read-epochs.ts";

let sources = "";
let folder = "";

const COUNT = 26;
const BATCH = 4;

beforeAll(async () => {
  sources = await buildSources("data/images/ahead/testing/read-epochs.ts");
  folder = await mkdtemp(join(tmpdir(), "auricle-pictures-"));
  const files = Array.from({ length: COUNT }, (_, i) => [`${i}.png`, scene(i, 24, 20)] as const);
  await writePictures(folder, Object.fromEntries(files));
}, 60_000);

afterAll(async () => {
  await removeSources(sources);
  await rm(folder, { recursive: true, force: true });
});

const OPTIONS: PictureDatasetOptions = {
  seed: 3,
  augmentation: { shift: 0.1, rotation: 20, brightness: 0.3, cutout: 0.2, mixup: { alpha: 0.4 } },
};

/** Two epochs, one that is left after two batches, and one more: the last batch of each is half full. */
const BATCHES = [7, 7, 2, 7];

interface Wanted {
  readonly threads: number;
  readonly memoryLimit?: number;
  readonly options?: PictureDatasetOptions;
  readonly backwards?: number;
  readonly pause?: number;
  /** A statement that is run when the pictures are prepared, before the first epoch. */
  readonly whenPrepared?: string;
}

async function read({ threads, memoryLimit = 1e9, options = OPTIONS, whenPrepared = "", ...others }: Wanted) {
  const cacheFolder = join(await temporaryFolder(), "cache");
  const paths = Array.from({ length: COUNT }, (_, i) => join(folder, `${i}.png`));
  const request: EpochsRequest = {
    ...{ paths, cacheFolder, memoryLimit, options, threads, batchSize: BATCH, batches: BATCHES },
    ...others,
  };
  const file = join(await temporaryFolder(), "main.mjs");
  await writeFile(
    file,
    `import { rmSync } from "node:fs";
    import { readEpochs } from ${JSON.stringify(join(sources, "data/images/ahead/testing/read-epochs.js"))};
    const request = ${JSON.stringify(request)};
    const result = await readEpochs(request, async () => { ${whenPrepared} });
    console.log(JSON.stringify(result));`,
  );
  const { stdout } = await promisify(execFile)(execPath, [file], { timeout: 50_000 });
  return JSON.parse(stdout) as EpochsRead;
}

describe("reading ahead", () => {
  it.each<[string, Omit<Wanted, "threads">]>([
    ["from memory", {}],
    ["from the files of the cache", { memoryLimit: 1 }],
    ["with each class equally often, not augmented", { options: { seed: 5, balanced: true } }],
    ["where an epoch is read in another order", { backwards: 1 }],
    ["where computing takes longer", { pause: 3 }],
  ])("gives the same bits for any number of threads %s", async (_, wanted) => {
    const [one, ...others] = await Promise.all([1, 2, 6].map((threads) => read({ ...wanted, threads })));
    expect(one.hashes).toHaveLength(7 + 7 + 2 + 7);
    expect(new Set(one.hashes).size).toBe(23);
    for (const other of others) {
      expect(other.hashes).toEqual(one.hashes);
      expect([other.problems, other.error]).toEqual([[], undefined]);
    }
  });

  it("goes on in the training's own thread where one that reads fails, says so, and names a picture that is gone", async () => {
    const { hashes, problems, error } = await read({
      threads: 2,
      memoryLimit: 1,
      whenPrepared: "rmSync(request.cacheFolder, { recursive: true });",
    });
    expect(error).toMatch(/\.png: its pixels in .* are gone; prepare the pictures again/);
    expect(hashes).toEqual([]);
    expect(problems.length).toBeLessThanOrEqual(1);
    for (const problem of problems)
      expect(problem).toMatch(/^a thread that reads pictures ahead has failed: .*gone/);
  });
});
