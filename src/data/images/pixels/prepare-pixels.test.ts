/** @file Preparing pictures: problems by file, the cache, and the size chosen from the data. */

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { resizeImage } from "../../../image/resize/resize-image.ts";
import { picture } from "../../../image/testing/pictures.ts";
import type { ImageHeader } from "../../../image/image.ts";
import { choosePixelFormat } from "./pixel-format.ts";
import { preparePixels, type PixelProgress } from "./prepare-pixels.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "auricle-pixels-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: Uint8Array): { id: string; path: string } {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { id: name, path };
}

describe("preparePixels", () => {
  it("decodes and resizes, names what it cannot use, and finds all in the cache the second time", async () => {
    const jpeg = picture("jpeg 4:2:0");
    const pictures = [
      write("a.jpg", jpeg.bytes),
      write("cut.jpg", jpeg.bytes.subarray(0, 500)),
      write("png-called.jpg", picture("png RGBA").bytes),
      { id: "gone", path: join(folder, "gone.png") },
    ];
    const cacheFolder = join(folder, "cache");
    const options = { width: 12, height: 10, cacheFolder };
    const progress: PixelProgress[] = [];
    const store = await preparePixels(pictures, { ...options, onProgress: (step) => progress.push(step) });
    expect(store.pictures.map(({ id }) => id)).toEqual(["a.jpg", "png-called.jpg"]);
    expect(store.problems.map(({ path }) => path)).toEqual([pictures[1].path, pictures[3].path]);
    expect(store.problems[0].problem).toContain("cut off");
    expect(store.read(pictures[0])).toEqual(resizeImage(jpeg.image, { width: 12, height: 10 }).data);
    expect(progress.at(-1)).toEqual({ done: 4, total: 4, cached: 0 });
    // memoryLimit 1: read from the cache's files.
    const again = await preparePixels(pictures, {
      ...options,
      memoryLimit: 1,
      onProgress: (step) => progress.push(step),
    });
    expect(progress.at(-1)).toEqual({ done: 4, total: 4, cached: 2 });
    for (const example of store.pictures) expect(again.read(example)).toEqual(store.read(example));
  });

  it("computes again what is damaged in the cache", async () => {
    const pictures = [write("a.png", picture("png RGB").bytes)];
    const cacheFolder = join(folder, "cache");
    const store = await preparePixels(pictures, { cacheFolder });
    const [name] = readdirSync(cacheFolder);
    writeFileSync(join(cacheFolder, name), new Uint8Array(5000));
    const again = await preparePixels(pictures, { cacheFolder });
    expect(again.read(pictures[0])).toEqual(store.read(pictures[0]));
  });

  it("works without a cache in memory, and says why", async () => {
    const pictures = [write("a.png", picture("png RGB").bytes)];
    const cacheFolder = write("file", new Uint8Array(1)).path;
    const store = await preparePixels(pictures, { cacheFolder });
    expect(store.cacheProblem).toContain("cannot write");
    expect(store.read(pictures[0])).toHaveLength(37 * 23 * 3);
    await expect(preparePixels(pictures, { cacheFolder, memoryLimit: 10 })).rejects.toThrow(
      "more than 10 bytes",
    );
  });

  it("refuses when nothing is left", async () => {
    const pictures = [write("a.png", new Uint8Array(0))];
    await expect(preparePixels(pictures, { cacheFolder: folder })).rejects.toThrow("a.png: an empty file");
  });
});

describe("choosePixelFormat", () => {
  const header = (width: number, height: number, channels: 1 | 3 = 3, orientation = 1): ImageHeader => ({
    ...{ format: "png", width, height, orientation, channels, bits: 8, frames: 1 },
  });

  it.each([
    // Small ones stay as they are.
    [[header(28, 28, 1)], {}, [28, 28, 1]],
    // 4 : 3 is taken for square.
    [[header(640, 480), header(640, 480), header(3000, 200)], {}, [96, 96, 3]],
    // 2 : 1: 96 × 48. A portrait that EXIF turns counts as it is seen.
    [[header(1000, 500), header(500, 1000, 3, 6)], {}, [96, 48, 3]],
    [[header(1000, 500)], { width: 64 }, [64, 32, 3]],
    [[header(50, 50), header(61, 61)], { channels: 1 }, [48, 48, 1]],
  ] as const)("%#", (headers, options, [width, height, channels]) => {
    expect(choosePixelFormat(headers, options)).toMatchObject({ width, height, channels });
  });
});
