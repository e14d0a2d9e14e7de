import { readdir, stat, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../testing/temporary-folder.ts";
import { FeatureCache, type FeatureKey } from "./feature-cache.ts";

const KEY: FeatureKey = { content: "c0ffee", start: 0, end: undefined, frontEnd: "f", paddedTo: 0 };

/** Features of 10 steps of one number: 32 + 40 bytes, last used so many minutes ago. */
async function add(cache: FeatureCache, content: string, minutesAgo: number): Promise<string> {
  const path = cache.path({ ...KEY, content });
  const writer = await cache.create(1);
  writer.append(new Float32Array(10));
  await writer.finish(path, 10);
  const time = new Date(Date.now() - minutesAgo * 60_000);
  await utimes(path, time, time);
  return path;
}

it("each part of the key gives another name", () => {
  const cache = new FeatureCache("/cache");
  const others: FeatureKey[] = [
    KEY,
    { ...KEY, content: "decaf" },
    { ...KEY, start: 1 },
    { ...KEY, end: 1 },
    { ...KEY, frontEnd: "g" },
    { ...KEY, paddedTo: 100 },
  ];
  expect(new Set(others.map((key) => cache.path(key))).size).toBe(6);
  expect(cache.path({ ...KEY })).toBe(cache.path(KEY));
});

it("what was not used for longest goes first, and what is in use never", async () => {
  const cache = new FeatureCache(join(await temporaryFolder(), "made", "when", "needed"));
  const [old, older, used, young] = [
    await add(cache, "a", 30),
    await add(cache, "b", 40),
    await add(cache, "c", 50),
    await add(cache, "d", 10),
  ];
  // Looking it up is using it.
  expect(await cache.lookUp(used, 1)).toEqual({ steps: 10, samples: 10 });
  await cache.evict(4 * 72, new Set());
  expect(await readdir(cache.folder)).toHaveLength(4);
  // 200 bytes hold two files of 72.
  await cache.evict(200, new Set([older]));
  const left = (await readdir(cache.folder)).sort();
  expect(left).toEqual([older, used].map((path) => basename(path)).sort());
  expect(left).not.toContain(basename(old));
  expect(left).not.toContain(basename(young));
  await cache.evict(0, new Set([used]));
  expect(await readdir(cache.folder)).toEqual([basename(used)]);
});

it("files that a killed process left half written go after some hours; other files stay", async () => {
  const folder = await temporaryFolder();
  const cache = new FeatureCache(folder);
  const [abandoned, fresh, foreign] = ["1-0-0.tmp", "2-0-0.tmp", "notes.txt"];
  for (const name of [abandoned, fresh, foreign]) await writeFile(join(folder, name), "x");
  const longAgo = new Date(Date.now() - 7 * 3600_000);
  for (const name of [abandoned, foreign]) await utimes(join(folder, name), longAgo, longAgo);
  await cache.evict(0, new Set());
  expect((await readdir(folder)).sort()).toEqual([fresh, foreign]);
});

it("a folder that does not exist holds nothing", async () => {
  const cache = new FeatureCache(join(await temporaryFolder(), "none"));
  expect(await cache.lookUp(cache.path(KEY), 1)).toBeUndefined();
  await cache.evict(0, new Set());
  await expect(stat(cache.folder)).rejects.toThrow("ENOENT");
});
