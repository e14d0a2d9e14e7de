import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { splitCollection, type Example } from "../data/audio/index.ts";
import { filterClips } from "../data/audio/collection.ts";
import { collectionOf } from "../data/audio/testing/collections.ts";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { describeChanged, readSplit, writeSplit } from "./split-file.ts";

const COLLECTION = collectionOf(
  Array.from({ length: 12 }, (_, i) => ({ labels: [i % 2 ? "a" : "b"], group: `singer ${i >> 1}` })),
);

const contentOf = ({ path }: Example) => `content of ${path}`;

it("brings back the very same clips in the same parts and order, and the report", async () => {
  const folder = await temporaryFolder();
  const { report, ...parts } = splitCollection(COLLECTION, { fractions: [0.5, 0.25, 0.25], seed: 2 });
  await writeSplit(folder, { report, parts }, COLLECTION, contentOf);
  expect(await readSplit(folder, COLLECTION, contentOf)).toEqual({ report, parts, changed: [] });
});

it("names a recording that is gone, and a file that is not as it was written", async () => {
  const folder = await temporaryFolder();
  const { report, ...parts } = splitCollection(COLLECTION, { fractions: [0.5, 0.25, 0.25] });
  await writeSplit(folder, { report, parts }, COLLECTION, contentOf);
  const { id } = parts.test[0];
  const fewer = filterClips(COLLECTION, (clip) => clip.id !== id);
  await expect(readSplit(folder, fewer, contentOf)).rejects.toThrow(
    `/data: the recording "${id}" used by the run is missing`,
  );
  await writeFile(join(folder, "split.json"), '{"parts":{}}');
  await expect(readSplit(folder, COLLECTION, contentOf)).rejects.toThrow(
    /split\.json: not a split that this version/,
  );
});

it("names files whose content has changed", async () => {
  const folder = await temporaryFolder();
  const { report, ...parts } = splitCollection(COLLECTION, { fractions: [0.5, 0.25, 0.25] });
  await writeSplit(folder, { report, parts }, COLLECTION, contentOf);
  const [a, b] = [parts.train[1], parts.test[0]];
  const now = (clip: Example) => (clip === a || clip === b ? "other" : contentOf(clip));
  const { changed } = await readSplit(folder, COLLECTION, now);
  expect(changed).toEqual([a.id, b.id]);
  expect(describeChanged(["a"])).toBe('"a" has changed since the run began');
  expect(describeChanged([..."abcdefg"])).toBe(
    '"a", "b", "c", "d", "e" and 2 more have changed since the run began',
  );
});
