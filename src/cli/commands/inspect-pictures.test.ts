/** @file `auricle inspect` on pictures. */

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scene, writePictures } from "../../data/images/testing/pictures.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { picture } from "../../image/testing/pictures.ts";
import { resizeImage } from "../../image/resize/resize-image.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";

const SPLIT = ["--split", "0.5/0.25/0.25"];

/** Eight pictures of two classes with nothing wrong. */
async function goodFolder(): Promise<string> {
  const folder = await temporaryFolder();
  const names = ["x/1.png", "x/2.png", "x/3.png", "x/4.png", "y/5.png", "y/6.png", "y/7.png", "y/8.png"];
  await writePictures(folder, Object.fromEntries(names.map((name, i) => [name, scene(i)])));
  return folder;
}

function solid(width: number, height: number, value: number) {
  return { width, height, channels: 3 as const, data: new Uint8Array(width * height * 3).fill(value) };
}

async function badFolder(): Promise<string> {
  const folder = await goodFolder();
  await writePictures(folder, {
    "y/a copy.png": scene(0),
    "y/smaller.png": resizeImage(scene(1), { width: 64, height: 48 }),
    "y/png that is called.jpg": scene(20),
    "x/one colour.png": solid(60, 60, 200),
    "x/tiny.png": scene(21, 5, 4),
    "x/long.png": scene(22, 300, 40),
    "x/cut off.jpg": picture("jpeg 4:2:0").bytes.subarray(0, 400),
    "x/turned.jpg": picture("jpeg orientation 6").bytes,
  });
  await writeFile(join(folder, "x", "empty.png"), "");
  return folder;
}

function inspect(folder: string, ...options: string[]) {
  return auricle(["inspect", folder, "--feature-folder", join(folder, ".cache"), ...options]);
}

describe("inspect on pictures", () => {
  it("says that nothing is wrong, what there is, and the input's size", async () => {
    const folder = await goodFolder();
    const { code, stdout, stderr } = await inspect(folder, "--strict", ...SPLIT);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/: 8 images, 2 classes$/m);
    expect(stdout).toMatch(/^x +4 +80 × 60 +80 × 60 +80 × 60$/m);
    expect(stdout).toMatch(/^format +png$/m);
    expect(stdout).toMatch(/^input +64 × 64 pixels, in colour: the size that training chooses$/m);
    expect(stdout.trimEnd().split("\n").slice(-2)).toEqual([
      "No problems found.",
      `Next: auricle train ${folder}`,
    ]);
  });

  it("names what is wrong in 80 columns, and fails with --strict", async () => {
    const folder = await badFolder();
    const { code, stdout } = await inspect(folder, "--strict", ...SPLIT);
    expect(code).toBe(1);
    for (const line of [
      "  Unusable (left out of training): 1",
      "  Empty (left out of training): 1",
      "    x/empty.png: empty file (0 bytes)",
      "    y/png that is called.jpg: a png picture by its content",
      "    x/tiny.png: 5 × 4 pixels",
      "    x/long.png: 300 × 40 pixels, 7.5 times as long as wide",
    ]) {
      expect(stdout.split("\n")).toContain(line);
    }
    expect(stdout).toMatch(/x\/cut off\.jpg: the JPEG picture is cut off/);
    expect(stdout).toMatch(/x\/one colour\.png:?\s+all pixels have nearly the same colour/);
    expect(stdout).toContain("Duplicates: 2 pairs among 4 images");
    expect(stdout).toMatch(/^ {2}x\/1\.png\n {4}y\/a copy\.png +the same file$/m);
    expect(stdout).toMatch(/^ {2}x\/2\.png\n {4}y\/smaller\.png +\d+ % alike$/m);
    expect(stdout).toContain("Duplicates with different labels: 2 pairs");
    expect(stdout).toMatch(/turned by EXIF: 1/);
    const lines = stdout.trimEnd().split("\n").slice(0, -1);
    for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(80);
  });

  it("gives everything as one JSON object", async () => {
    const folder = await badFolder();
    const { code, stdout } = await inspect(folder, "--json", "--seed", "3", ...SPLIT);
    expect(code).toBe(0);
    const [inspection, ...others] = jsonLines(stdout);
    expect(others).toEqual([]);
    expect(inspection).toMatchObject({
      event: "inspected",
      medium: "pictures",
      folder,
      summary: { pictures: 15, turned: 1, formats: [{ value: "png" }, { value: "jpeg", files: 1 }] },
      input: { channels: 3, fit: "crop" },
      duplicates: [
        { a: "x/1.png", b: "y/a copy.png", kind: "file", similarity: 1 },
        { a: "x/2.png", b: "y/smaller.png", kind: "picture" },
      ],
      conflicts: [
        { labelOfA: "x", labelOfB: "y" },
        { labelOfA: "x", labelOfB: "y" },
      ],
      split: { leaks: [], report: { origin: "random" } },
    });
    expect(JSON.stringify(inspection.split)).toContain("2 pairs of duplicates kept together");
  });

  it("finds leaks of the authors' own split, and none where it does not look", async () => {
    const folder = await temporaryFolder();
    const at = (seeds: readonly number[], place: string) =>
      Object.fromEntries(seeds.map((seed) => [`${place}/${seed}.png`, scene(seed)]));
    await writePictures(folder, {
      ...at([1, 2], "train/x"),
      ...at([3, 4], "train/y"),
      ...at([5], "validation/x"),
      "test/x/6.png": resizeImage(scene(1), { width: 120, height: 90 }),
    });
    const leaking = await inspect(folder, "--strict");
    expect(leaking.code).toBe(1);
    expect(leaking.stdout).toContain('duplicate "test/x/6.png = train/x/1.png" (train 1, test 1)');
    expect((await inspect(folder, "--no-duplicates", "--strict")).code).toBe(0);
  });

  it("inspects archives, of which only exact copies are found", async () => {
    const { code, stdout } = await auricle(["inspect", "digits", "--no-cache", "--json"]);
    expect(code).toBe(0);
    const [inspection] = jsonLines(stdout);
    expect(inspection).toMatchObject({
      summary: { pictures: 12_000, grey: 12_000, formats: [{ value: "archive", files: 12_000 }] },
      input: { width: 28, height: 28, channels: 1 },
      problems: [],
      duplicates: [],
    });
  });

  it("refuses a folder of which no picture can be used", async () => {
    const folder = await temporaryFolder();
    await writePictures(folder, { "x/1.png": Uint8Array.of(1, 2, 3), "y/2.png": Uint8Array.of(1, 2, 3) });
    const { code, stderr } = await inspect(folder);
    expect(code).toBe(1);
    expect(stderr).toContain("pictures: none can be used");
  });
});
