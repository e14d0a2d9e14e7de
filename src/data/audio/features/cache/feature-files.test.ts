import { readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../testing/temporary-folder.ts";
import { featureFiles as ofBrowser } from "./feature-files-browser.ts";
import { featureFiles as ofNode } from "./feature-files-node.ts";
import type { FeatureFiles } from "./feature-files.ts";

const FEATURES = Float32Array.from({ length: 12 }, (_, i) => i / 8 - 0.5);

/** 4 steps of 3 numbers of a clip with more samples than 32 bits count, in two pieces. */
async function writtenFile(featureFiles: FeatureFiles): Promise<string> {
  const folder = await temporaryFolder();
  const path = join(folder, "clip.features");
  const writer = await featureFiles.create(folder, 3);
  writer.append(FEATURES.subarray(0, 3));
  writer.append(FEATURES.subarray(3));
  await writer.finish(path, 2 ** 32 + 5);
  return path;
}

/** Those of a browser, over this machine's files: what they write with is the same for both. */
describe.each([
  ["Node.js", ofNode],
  ["a browser", ofBrowser],
] as const)("files of %s", (_, featureFiles) => {
  it("what was written is read back, whole and in part", async () => {
    const path = await writtenFile(featureFiles);
    expect(await featureFiles.check(path, 3)).toEqual({ steps: 4, samples: 2 ** 32 + 5 });
    const all = new Float32Array(12);
    expect(await featureFiles.read(path, 0, all)).toBe(true);
    expect(all).toEqual(FEATURES);
    const part = new Float32Array(6);
    expect(await featureFiles.read(path, 3, part)).toBe(true);
    expect(part).toEqual(FEATURES.slice(3, 9));
  });

  it("a change of any single byte is noticed, and so is every other length", async () => {
    const path = await writtenFile(featureFiles);
    const whole = await readFile(path);
    for (let i = 0; i < whole.length; i++) {
      const damaged = Uint8Array.from(whole);
      damaged[i] ^= 0x10;
      await writeFile(path, damaged);
      expect(await featureFiles.check(path, 3), `byte ${i}`).toBeUndefined();
    }
    for (const length of [0, 1, 31, 32, whole.length - 1]) {
      await writeFile(path, whole.subarray(0, length));
      expect(await featureFiles.check(path, 3), `${length} bytes`).toBeUndefined();
    }
    await writeFile(path, Buffer.concat([whole, Buffer.alloc(4)]));
    expect(await featureFiles.check(path, 3)).toBeUndefined();
    await writeFile(path, whole);
    expect(await featureFiles.check(path, 3)).toBeDefined();
  });

  it("steps of another size do not fit", async () => {
    expect(await featureFiles.check(await writtenFile(featureFiles), 4)).toBeUndefined();
  });

  it("nothing stands in a file's place before it is finished, and nothing is left when it is given up", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "clip.features");
    const writer = await featureFiles.create(folder, 3);
    writer.append(FEATURES);
    expect(await featureFiles.check(path, 3)).toBeUndefined();
    writer.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  it("two that write the same file at once do not disturb each other", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "clip.features");
    const [one, other] = [await featureFiles.create(folder, 3), await featureFiles.create(folder, 3)];
    one.append(FEATURES);
    other.append(FEATURES);
    await one.finish(path, 7);
    await other.finish(path, 7);
    expect(await featureFiles.check(path, 3)).toEqual({ steps: 4, samples: 7 });
    expect(await readdir(folder)).toEqual(["clip.features"]);
  });

  it("a file that is gone, or too short, is told from one that is there", async () => {
    const path = await writtenFile(featureFiles);
    await truncate(path, 40);
    expect(await featureFiles.read(path, 0, new Float32Array(12))).toBe(false);
    expect(await featureFiles.read(`${path}.other`, 0, new Float32Array(1))).toBe(false);
    expect(await featureFiles.check(`${path}.other`, 3)).toBeUndefined();
  });
});

it("have the same bytes, and are read by each other", async () => {
  const [one, other] = [await writtenFile(ofNode), await writtenFile(ofBrowser)];
  expect(await readFile(one)).toEqual(await readFile(other));
  const all = new Float32Array(12);
  expect(ofNode.readNow(other, 0, all)).toBe(true);
  expect(all).toEqual(FEATURES);
});
