import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { splitCollection } from "../../data/audio/index.ts";
import { collectionOf } from "../../data/audio/testing/collections.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { readSplit, writeSplit } from "./split-file.ts";

const COLLECTION = collectionOf(
  Array.from({ length: 12 }, (_, i) => ({ labels: [i % 2 ? "a" : "b"], group: `singer ${i >> 1}` })),
);

it("brings back the very same clips in the same parts and order, and the report", async () => {
  const folder = await temporaryFolder();
  const { report, ...parts } = splitCollection(COLLECTION, { fractions: [0.5, 0.25, 0.25], seed: 2 });
  await writeSplit(folder, { report, parts });
  expect(await readSplit(folder, COLLECTION)).toEqual({ report, parts });
});

it("names a recording that is gone, and a file that is not as it was written", async () => {
  const folder = await temporaryFolder();
  const { report, ...parts } = splitCollection(COLLECTION, { fractions: [0.5, 0.25, 0.25] });
  await writeSplit(folder, { report, parts });
  const { id } = parts.test[0];
  const fewer = { ...COLLECTION, clips: COLLECTION.clips.filter((clip) => clip.id !== id) };
  await expect(readSplit(folder, fewer)).rejects.toThrow(
    `/data: the recording "${id}" that the run began with is gone`,
  );
  await writeFile(join(folder, "split.json"), '{"parts":{}}');
  await expect(readSplit(folder, COLLECTION)).rejects.toThrow(/split\.json: not a split that this version/);
});
