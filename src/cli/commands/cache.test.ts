/** @file `auricle cache`, --no-cache, and what stays while a process uses it. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { ppid } from "node:process";
import { beforeAll, describe, expect, it } from "vitest";
import { openImageCollection } from "../../data/index.ts";
import { temporaryFolder } from "../../data/testing/temporary-folder.ts";
import { writeZip } from "../../formats/zip/write-zip.ts";
import { withClaims } from "../../io/claims.ts";
import { ownCache } from "../../pretrained/testing/small-package.ts";
import { writeStripesFolder } from "../../runs/testing/pictures.ts";
import { writeToneFolder } from "../../runs/testing/recordings.ts";
import { auricle, jsonLines } from "../testing/command-line.ts";
import { QUICK, soundTests } from "../testing/sound-runs.ts";

let data: string;

const tests = soundTests();

beforeAll(async () => {
  data = join(tests.folder, "tones 🎸");
  await writeToneFolder(data);
});

async function trained(): Promise<{ folder: string; stdout: string }> {
  const folder = join(await temporaryFolder(), "features");
  const out = join(await temporaryFolder(), "run");
  const split = ["--split", "0.5/0.25/0.25"];
  const { code, stdout } = await auricle([
    "train",
    data,
    "--out",
    out,
    ...QUICK,
    ...split,
    "--feature-folder",
    folder,
  ]);
  expect(code).toBe(0);
  return { folder, stdout };
}

function cache(folder: string, ...options: string[]) {
  return auricle(["cache", "--feature-folder", folder, ...options]);
}

async function featuresIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".features"));
}

describe("auricle cache", () => {
  it("lists pretrained models, which it does not clear", async () => {
    const pretrained = join(await ownCache(), "auricle-nodejs", "pretrained");
    const folder = await temporaryFolder();
    expect((await cache(folder)).stdout).not.toContain("Pretrained");
    await mkdir(pretrained, { recursive: true });
    await writeFile(join(pretrained, "some-1.safetensors"), new Uint8Array(2000));
    expect((await cache(folder, "--clear")).stdout).toMatch(
      /Pretrained models: 2 KB\nIn .*pretrained\n[^]*some-1.safetensors +2 KB/,
    );
    const [json] = jsonLines((await cache(folder, "--json")).stdout);
    expect(json).toMatchObject({
      pretrained: { folder: pretrained, files: [{ name: "some-1.safetensors", bytes: 2000 }] },
    });
  });

  it("lists what archives were unpacked to, and clears it with the features", async () => {
    await ownCache();
    const archive = join(await temporaryFolder(), "photos.zip");
    const contents = new TextEncoder().encode("12");
    await writeFile(
      archive,
      writeZip([
        ["whole/1.jpg", contents],
        ["b/1.jpg", contents],
      ]),
    );
    expect((await auricle(["cache"])).stdout).not.toContain("Unpacked");
    expect((await openImageCollection(archive)).classNames).toEqual(["b", "whole"]);
    expect((await auricle(["cache"])).stdout).toMatch(
      /Unpacked data: 4 bytes\nIn .*unpacked\n[^]*photos.zip +2 +4 bytes +20\d\d-\d\d-\d\d/,
    );
    const [json] = jsonLines((await auricle(["cache", "--json"])).stdout);
    expect(json).toMatchObject({ unpacked: { bytes: 4, archives: [{ source: archive, files: 2 }] } });
    // This process has opened it outside of any task.
    expect((await auricle(["cache", "--clear"])).stdout).toContain("photos.zip");
    await withClaims(async () => undefined);
    expect((await auricle(["cache", "--clear"])).stdout).not.toContain("photos.zip");
  });

  it("is told of by a training, and shows what is kept of which data", async () => {
    const { folder, stdout: log } = await trained();
    expect(log.replaceAll("\n", " ")).toMatch(
      /Cached features: \d+ MB for these data in .*features, limited to 10 GB/,
    );
    const { code, stdout } = await cache(folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Features: \d+ \w+ of at most 10 GB\nIn .*features\n/);
    expect(stdout).toMatch(/tones 🎸 +spectrogram +16 /);
    expect(stdout).not.toContain("in use");
    const [json] = jsonLines((await cache(folder, "--json")).stdout);
    expect(json).toMatchObject({ event: "cache", folder, limit: 10e9 });
    expect((json.groups as { data?: string; files: number }[])[0]).toMatchObject({ data, files: 16 });
  });

  it("removes all, or what was not used for longest, and remembers the limit", async () => {
    const { folder } = await trained();
    const { bytes } = jsonLines((await cache(folder, "--json")).stdout)[0] as { bytes: number };
    const half = Math.floor(bytes / 2);
    const [limited] = jsonLines((await cache(folder, "--limit", String(half), "--json")).stdout);
    expect(limited).toMatchObject({ limit: half });
    expect(limited.bytes).toBeLessThanOrEqual(half);
    expect(limited.freed).toBe(bytes - (limited.bytes as number));
    expect((await cache(folder)).stdout).toContain(`of at most`);
    expect((await cache(folder, "--clear")).stdout).toMatch(/removed\./);
    expect(await featuresIn(folder)).toEqual([]);
    expect(await cache(folder, "--limit", "much")).toMatchObject({ code: 2 });
  });

  it("lists decoded pictures, removes those of one size to make room, and then all", async () => {
    const folder = join(await temporaryFolder(), "features");
    const pictures = join(await temporaryFolder(), "stripes");
    await writeStripesFolder(pictures, 8);
    const kept = async (...options: string[]) =>
      jsonLines((await cache(folder, "--json", ...options)).stdout)[0];
    for (const size of ["12", "16x8"]) {
      const out = join(await temporaryFolder(), "run");
      const options = ["--epochs", "1", "--threads", "1", "--size", size, "--split", "0.5/0.25/0.25"];
      const { code, stdout } = await auricle([
        "train",
        pictures,
        "--out",
        out,
        ...options,
        "--feature-folder",
        folder,
      ]);
      expect(code).toBe(0);
      expect(stdout.replaceAll("\n", " ")).toMatch(/Cached pixels: \d+ MB for these data in/);
    }
    const groups = [
      { data: pictures, kind: "pixels 12 × 12 × 3", files: 16, inUse: false },
      { data: pictures, kind: "pixels 16 × 8 × 3", files: 16, inUse: false },
    ];
    const before = await kept();
    expect(before).toMatchObject({ groups });
    expect((await cache(folder)).stdout).toMatch(/stripes +pixels 12 × 12 × 3 +16 /);
    // The first ones were used before the others.
    const second = (before.groups as { bytes: number }[])[1].bytes;
    const limited = await kept("--limit", String(second));
    expect(limited).toMatchObject({ limit: second, bytes: second, groups: [groups[1]] });
    expect(limited.freed).toBe((before.bytes as number) - second);
    expect(await kept("--clear")).toMatchObject({ bytes: 0, groups: [], freed: second });
    expect((await readdir(folder)).filter((name) => name.endsWith(".pixels"))).toEqual([]);
  });

  it("never removes what another process uses; a list of one that has ended is no obstacle", async () => {
    const { folder } = await trained();
    const [first, second, ...rest] = await featuresIn(folder);
    expect(rest.length).toBeGreaterThan(0);
    await mkdir(join(folder, "in-use"), { recursive: true });
    const list = (pid: number, name: string) =>
      writeFile(
        join(folder, "in-use", `${pid}.json`),
        JSON.stringify({ owner: JSON.stringify({ pid, host: hostname(), id: `${pid}` }), names: [name] }),
      );
    await list(ppid, first);
    // No process has this number: Linux' largest is 2²².
    await list(2 ** 22 + 1, second);
    expect((await cache(folder)).stdout).toContain("now in use");
    await cache(folder, "--clear");
    expect(await featuresIn(folder)).toEqual([first]);
    await rm(join(folder, "in-use", `${ppid}.json`));
    await cache(folder, "--clear");
    expect(await featuresIn(folder)).toEqual([]);
  });

  it("computes the features of data, which a training then finds there", async () => {
    const { folder } = await trained();
    const own = join(await temporaryFolder(), "features");
    const { code, stdout } = await cache(own, data, "--model", "notebook", "--window", "0.1");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Prepared: 16 clips\.\nFeatures: /);
    expect((await featuresIn(own)).sort()).toEqual((await featuresIn(folder)).sort());
    const [json] = jsonLines(
      (await cache(own, data, "--model", "notebook", "--window", "0.1", "--json")).stdout,
    );
    expect(json).toMatchObject({ event: "cache", prepared: { kind: "sound", examples: 16, unusable: 0 } });
  });

  it("refuses data with --clear, options of data without data, and options of pictures for sound", async () => {
    const folder = await temporaryFolder();
    expect((await cache(folder, data, "--clear")).stderr).toContain("use them without data");
    expect((await cache(folder, "--model", "notebook")).stderr).toContain("--model is for the data");
    expect((await cache(folder, data, "--size", "12")).stderr).toContain("--size is for images");
  });

  it("is empty where nothing was kept", async () => {
    const { code, stdout } = await cache(join(await temporaryFolder(), "none"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Features: 0 bytes of at most 10 GB/);
  });
});

describe("--no-cache", () => {
  it("leaves nothing behind, and gives the same result", async () => {
    const temporary = async () =>
      (await readdir(tmpdir())).filter((name) => name.startsWith("auricle-features-"));
    const before = await temporary();
    const out = join(await temporaryFolder(), "run");
    const split = ["--split", "0.5/0.25/0.25"];
    const { code, stdout } = await auricle(["train", data, "--out", out, ...QUICK, ...split, "--no-cache"]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("Cached features");
    const tested = await auricle(["eval", out, "--no-cache", "--json"]);
    expect(tested.code).toBe(0);
    expect((await auricle(["inspect", data, "--no-cache", "--json"])).code).toBe(0);
    expect((await temporary()).filter((name) => !before.includes(name))).toEqual([]);
  });

  it("contradicts --feature-folder", async () => {
    const both = await auricle(["inspect", data, "--no-cache", "--feature-folder", "x"]);
    expect(both.code).toBe(2);
  });
});
