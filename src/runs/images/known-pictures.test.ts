/** @file Pictures that show the same stay in one part, and copies of known pictures are known. */

import { join } from "node:path";
import { expect, it } from "vitest";
import { preparePixels } from "../../data/images/index.ts";
import { openImageCollection } from "../../data/images/open.ts";
import { scene, writePictures } from "../../data/images/testing/pictures.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { resizeImage } from "../../image/resize/resize-image.ts";
import { divide } from "../divide-data.ts";
import { knownPictures } from "./known-pictures.ts";

it("links a smaller copy in another class, keeps it in one part, and knows it with its original", async () => {
  const folder = await temporaryFolder();
  const names = Array.from({ length: 20 }, (_, i) => [`${i % 2 ? "x" : "y"}/${i}.png`, scene(i)] as const);
  const copy = resizeImage(scene(0), { width: 60, height: 45 });
  await writePictures(folder, { ...Object.fromEntries(names), "x/copy.png": copy });
  const collection = await openImageCollection(folder);
  const store = await preparePixels(collection.examples, { cacheFolder: join(folder, ".cache") });
  const original = collection.examples.find(({ id }) => id === "y/0.png");
  if (!original) throw new Error("no original");
  const recording = {
    content: store.content(original),
    role: "train" as const,
    path: original.path,
    source: 0,
  };
  const provenance = { sources: [{ data: "other", isListed: true }], recordings: [recording] };
  const search = { data: folder, store, provenance };
  const { links, known } = await knownPictures(collection, search, true);
  expect(links).toMatchObject([{ a: "x/copy.png", b: "y/0.png", kind: "picture" }]);
  expect([...known]).toEqual([
    ["y/0.png", "train"],
    ["x/copy.png", "train"],
  ]);
  expect((await knownPictures(collection, search, false)).links).toEqual([]);
  for (let seed = 0; seed < 10; seed++) {
    const fractions: [number, number, number] = [0.5, 0.25, 0.25];
    const split = {
      fractions,
      seed,
      official: true,
      fold: null,
      force: false,
      duplicates: true,
      trainSize: null,
    };
    const { report, ...parts } = divide(collection, split, links, undefined);
    expect(report.method).toContain("1 pair of duplicates kept together");
    const holds = Object.values(parts).map((part) => part.filter(({ id }) => /copy|y\/0/.test(id)).length);
    expect(holds.sort()).toEqual([0, 0, 2]);
  }
});
