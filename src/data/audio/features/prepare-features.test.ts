import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FeatureExtractor } from "../../../audio/front-end/feature-extractor.ts";
import { frontEnd } from "../../../audio/front-end/front-end.ts";
import { AuricleError } from "../../../errors.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import type { AudioClip } from "../collection.ts";
import type { FeatureStore } from "./feature-store.ts";
import { prepareFeatures, type PrepareOptions } from "./prepare-features.ts";
import type { PreparationProgress } from "./preparation.ts";
import { clipOf } from "./testing/memory-store.ts";
import { MEL, noise, RATE, recording } from "./testing/recordings.ts";

/** A folder with three recordings of 1, 0.5 and 0.8 s, and one for the cache. */
async function threeRecordings() {
  const folder = await temporaryFolder();
  const clips = [
    await recording(folder, "one.wav", noise(8000, 1)),
    await recording(folder, 'two, "2" ü.wav', noise(4000, 2)),
    await recording(folder, "three.wav", noise(6400, 3)),
  ];
  return { folder, clips, cacheFolder: join(folder, "cache", "features") };
}

/** With the last report of progress. */
async function prepare(clips: readonly AudioClip[], options: PrepareOptions) {
  let progress: PreparationProgress | undefined;
  const store = await prepareFeatures(clips, MEL, {
    workers: 0,
    ...options,
    onProgress: (report) => {
      progress = report;
    },
  });
  return { store, progress };
}

const all = (store: FeatureStore, clip: AudioClip) => store.read(clip, 0, store.frames(clip));

/** The front end's features of the samples. */
function expected(samples: Float32Array): Float32Array {
  return new FeatureExtractor(frontEnd(MEL), { threads: 1, target: "wasm" }).extract(samples);
}

describe("features", () => {
  it("of a recording that is cut off are there, and that is told each time, from the cache too", async () => {
    const { clips, folder, cacheFolder } = await threeRecordings();
    const whole = await readFile(clips[0].path);
    const path = join(folder, "cut.wav");
    // 44 bytes of header, then 4 for each of 8,000 samples: half of it.
    await writeFile(path, whole.subarray(0, 44 + 16_000));
    const parts = [0, 0.25].map((start) => ({ ...clips[0], id: `cut.wav#${start}`, path, start }));
    const { store, progress } = await prepare([...parts, ...clips], { cacheFolder });
    expect(progress?.cached).toBe(0);
    expect(store.problems).toEqual([]);
    expect(store.warnings).toEqual([
      { path, problem: "truncated: the header says 1.0 s, the file holds 0.5 s" },
    ]);
    const again = await prepare([...parts, ...clips], { cacheFolder });
    expect(again.progress?.cached).toBe(5);
    expect(again.store.warnings).toEqual([
      { path, problem: "damaged or inconsistent with its header, as decoding showed" },
    ]);
    expect(await all(again.store, parts[0])).toEqual(expected(noise(8000, 1).slice(0, 4000)));
  });

  it("are those of the front end, of whole clips and of parts", async () => {
    const { clips, cacheFolder } = await threeRecordings();
    const part: AudioClip = { ...clips[0], id: "one.wav#0.25-0.75", start: 0.25, end: 0.75 };
    const { store, progress } = await prepare([...clips, part], { cacheFolder });
    expect(store.stepShape).toEqual([16, 1]);
    expect(store.clips.map(({ id }) => id)).toEqual([...clips, part].map(({ id }) => id));
    expect(store.problems).toEqual([]);
    expect([...clips, part].map((clip) => store.frames(clip))).toEqual([101, 51, 81, 51]);
    expect([...clips, part].map((clip) => store.duration(clip))).toEqual([1, 0.5, 0.8, 0.5]);
    expect(await all(store, clips[1])).toEqual(expected(noise(4000, 2)));
    expect(await all(store, part)).toEqual(expected(noise(8000, 1).slice(2000, 6000)));
    expect(await store.read(clips[0], 7, 3)).toEqual(expected(noise(8000, 1)).slice(7 * 16, 10 * 16));
    // 1 + 0.5 + 0.8 + 0.5 s.
    expect(progress).toMatchObject({ done: 4, clips: 4, cached: 0 });
    expect(progress?.audioSeconds).toBeCloseTo(2.8, 6);
    for (const stage of ["hash", "decode", "features", "cache"] as const) {
      expect(store.timings[stage]).toBeGreaterThan(0);
    }
  });

  it("are resampled to the front end's rate", async () => {
    const folder = await temporaryFolder();
    const tone = Float32Array.from({ length: 16_000 }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / 16_000));
    const clip = await recording(folder, "tone.wav", tone, 16_000);
    const options = { kind: "spectrogram", sampleRate: RATE, fftSize: 256, hopLength: 80 } as const;
    const store = await prepareFeatures([clip], options, { workers: 0, cacheFolder: join(folder, "cache") });
    // 1000 Hz is bin 1000 / (8000 / 256) = 32.
    const step = await store.read(clip, 50, 1);
    expect(step.indexOf(Math.max(...step))).toBe(32);
    expect(store.duration(clip)).toBe(1);
  });

  it("of short clips are those of the clip followed by silence; longer ones stay as they are", async () => {
    const { clips, cacheFolder } = await threeRecordings();
    const { store } = await prepare(clips, { cacheFolder, minimumFrames: 81 });
    expect(clips.map((clip) => store.frames(clip))).toEqual([101, 81, 81]);
    const padded = new Float32Array(6400);
    padded.set(noise(4000, 2));
    expect(await all(store, clips[1])).toEqual(expected(padded));
    expect(store.duration(clips[1])).toBe(0.5);
    // Another window: what is long enough for both is found again.
    const other = await prepare(clips, { cacheFolder, minimumFrames: 60 });
    expect(other.progress?.cached).toBe(2);
    expect(other.store.frames(clips[1])).toBe(60);
  });

  it.each([0, 512e6])("are the same on disk and in memory (limit %d bytes)", async (memoryLimit) => {
    const { clips, cacheFolder } = await threeRecordings();
    const { store } = await prepare(clips, { cacheFolder, memoryLimit });
    const step = new Float32Array(16);
    for (const first of [0, 33, 80]) {
      expect(store.readNow(clips[2], first, step)).toBe(true);
      expect(step).toEqual(expected(noise(6400, 3)).slice(first * 16, first * 16 + 16));
    }
    for (const [first, frames] of [
      [-1, 1],
      [80, 2],
      [0.5, 1],
    ]) {
      expect(() => store.readNow(clips[2], first, new Float32Array(16 * frames))).toThrow(
        `features: three.wav has 81 steps; asked for ${frames} from step ${first}`,
      );
    }
    expect(() => store.frames(clipOf("other.wav", 0, 2))).toThrow(
      "features: other.wav is not one of the prepared clips",
    );
  });
});

describe("the cache", () => {
  it("is used by the second run, and by one that finds the recordings elsewhere or touched", async () => {
    const { folder, clips, cacheFolder } = await threeRecordings();
    const first = await prepare(clips, { cacheFolder });
    await utimes(clips[0].path, new Date(), new Date(1e12));
    await mkdir(join(folder, "elsewhere"));
    const moved = { ...clips[1], path: join(folder, "elsewhere", "moved.wav") };
    await rename(clips[1].path, moved.path);
    const copied = { ...clips[2], id: "copy.wav", path: join(folder, "copy.wav") };
    await copyFile(clips[2].path, copied.path);
    const { store, progress } = await prepare([clips[0], moved, clips[2], copied], { cacheFolder });
    expect(progress).toMatchObject({ done: 4, cached: 4, audioSeconds: 0 });
    expect(store.timings.decode).toBe(0);
    for (const [clip, before] of [
      [clips[0], clips[0]],
      [moved, clips[1]],
      [copied, clips[2]],
    ]) {
      expect(await all(store, clip)).toEqual(await all(first.store, before));
    }
  });

  it("is not used for other content, another part, or another front end", async () => {
    const { folder, clips, cacheFolder } = await threeRecordings();
    await prepare(clips, { cacheFolder });
    const changed = await recording(folder, "one.wav", noise(8000, 9));
    const part = { ...clips[1], end: 0.25 };
    const { store, progress } = await prepare([changed, part, clips[2]], { cacheFolder });
    expect(progress?.cached).toBe(1);
    expect(await all(store, changed)).toEqual(expected(noise(8000, 9)));
    const reports: PreparationProgress[] = [];
    await prepareFeatures(
      clips,
      { ...MEL, melBands: 20 },
      {
        workers: 0,
        cacheFolder,
        onProgress: (report) => reports.push(report),
      },
    );
    expect(reports.at(-1)?.cached).toBe(0);
  });

  it("is mended where files are damaged, cut off, or half written by a process that was killed", async () => {
    const { clips, cacheFolder } = await threeRecordings();
    const { store: before } = await prepare(clips, { cacheFolder, memoryLimit: 1e9 });
    const wanted = await Promise.all(clips.map((clip) => all(before, clip)));
    const files = (await readdir(cacheFolder)).filter((name) => name.endsWith(".features"));
    expect(files).toHaveLength(3);
    const [flipped, cut, gone] = files.map((name) => join(cacheFolder, name));
    const bytes = await readFile(flipped);
    bytes[bytes.length - 5] ^= 1;
    await writeFile(flipped, bytes);
    await writeFile(cut, (await readFile(cut)).subarray(0, 1000));
    await rm(gone);
    await writeFile(join(cacheFolder, "99999-0-0.tmp"), "half");
    const { store, progress } = await prepare(clips, { cacheFolder });
    expect(progress?.cached).toBe(0);
    expect(await Promise.all(clips.map((clip) => all(store, clip)))).toEqual(wanted);
    expect((await prepare(clips, { cacheFolder })).progress?.cached).toBe(3);
  });

  it("brings features back that another process removed meanwhile", async () => {
    const { clips, cacheFolder } = await threeRecordings();
    const { store } = await prepare(clips, { cacheFolder, memoryLimit: 0 });
    for (const name of await readdir(cacheFolder)) await rm(join(cacheFolder, name));
    expect(store.readNow(clips[0], 0, new Float32Array(16))).toBe(false);
    expect(await all(store, clips[0])).toEqual(expected(noise(8000, 1)));
    expect(store.readNow(clips[0], 0, new Float32Array(16))).toBe(true);
    await rm(clips[1].path);
    await expect(store.read(clips[1], 0, 1)).rejects.toThrow("cannot be used");
  });

  it("keeps to its limit, but keeps the clips at hand", async () => {
    const { clips, cacheFolder } = await threeRecordings();
    await prepare(clips.slice(0, 2), { cacheFolder });
    // 81 steps of 64 bytes and the header.
    await prepare(clips.slice(2), { cacheFolder, sizeLimit: 6000 });
    const left = (await readdir(cacheFolder)).filter((name) => name.endsWith(".features"));
    expect(left).toHaveLength(1);
    const { store } = await prepare(clips, { cacheFolder, sizeLimit: 0 });
    expect(await all(store, clips[0])).toEqual(expected(noise(8000, 1)));
  });

  it("may be filled by several at once", async () => {
    const { clips, cacheFolder } = await threeRecordings();
    const stores = await Promise.all([1, 2, 3].map(() => prepare(clips, { cacheFolder, memoryLimit: 0 })));
    for (const { store } of stores) expect(await all(store, clips[0])).toEqual(expected(noise(8000, 1)));
    expect((await readdir(cacheFolder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("a cache folder that cannot be written", () => {
  it("is done without as long as memory lasts", async () => {
    const { folder, clips } = await threeRecordings();
    await appendFile(join(folder, "file"), "");
    const cacheFolder = join(folder, "file", "features");
    const { store } = await prepare(clips, { cacheFolder });
    expect(store.cacheProblem).toContain(`cannot write features to ${cacheFolder}: `);
    expect(await all(store, clips[1])).toEqual(expected(noise(4000, 2)));
    // 101 · 64 bytes of the first clip fit, the second one's do not.
    await expect(prepare(clips, { cacheFolder, memoryLimit: 6500 })).rejects.toThrow(
      /cannot write features to .*; without the cache they would take more than 0 MB of memory: free some space or/,
    );
  });
});

describe("recordings that cannot be used", () => {
  async function bad() {
    const { folder, clips, cacheFolder } = await threeRecordings();
    const file = (name: string): AudioClip => ({ ...clipOf(name, 0, 2), path: join(folder, name) });
    await writeFile(join(folder, "empty.wav"), "");
    await writeFile(join(folder, "text.wav"), "This is no recording.\n".repeat(100));
    await mkdir(join(folder, "folder.wav"));
    const broken = [
      file("empty.wav"),
      file("text.wav"),
      file("folder.wav"),
      file("missing.wav"),
      await recording(
        folder,
        "nan.wav",
        Float32Array.from({ length: 2000 }, (_, i) => (i === 700 ? NaN : 0.1)),
      ),
      { ...clips[0], id: "one.wav#5-6", start: 5, end: 6 },
    ];
    return { clips, broken, cacheFolder };
  }

  it("are named, and the others used", async () => {
    const { clips, broken, cacheFolder } = await bad();
    const { store, progress } = await prepare([...broken, ...clips], { cacheFolder });
    expect(store.clips.map(({ id }) => id)).toEqual(clips.map(({ id }) => id));
    expect(progress?.done).toBe(9);
    expect(store.problems.map(({ path }) => path)).toEqual(broken.map(({ path }) => path));
    const texts = store.problems.map(({ problem }) => problem);
    expect(texts[0]).toBe("empty file");
    expect(texts[1]).not.toContain("text.wav");
    expect(texts[2]).toBe("not a file");
    expect(texts[3]).toContain("no such file");
    expect(texts[4]).toBe("it holds samples that are NaN, infinite or far beyond full scale");
    expect(texts[5]).toMatch(/\b5 s\b/);
    expect(store.has(broken[0])).toBe(false);
    expect(() => store.frames(broken[0])).toThrow("features: empty.wav could not be read; see the problems");
    // What could not be used is looked at again, not remembered.
    expect((await prepare([...broken, ...clips], { cacheFolder })).progress?.cached).toBe(3);
  });

  it("are refused where all are wanted, and where none is left", async () => {
    const { clips, broken, cacheFolder } = await bad();
    const strict = prepare([clips[0], broken[0], broken[1]], { cacheFolder, strict: true });
    await expect(strict).rejects.toThrow(AuricleError);
    await expect(strict).rejects.toThrow(`2 of 3 clips cannot be used:\n  ${broken[0].path}: empty file\n`);
    await expect(prepare(broken.slice(0, 2), { cacheFolder })).rejects.toThrow("2 of 2 clips cannot be used");
    expect((await prepare(clips, { cacheFolder, strict: true })).store.clips).toHaveLength(3);
  });
});

describe("a preparation", () => {
  it("stops when told to, and what was done until then is kept", async () => {
    const { clips, cacheFolder } = await threeRecordings();
    const controller = new AbortController();
    const reason = new Error("enough");
    const stopped = prepareFeatures(clips, MEL, {
      workers: 0,
      cacheFolder,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 1) controller.abort(reason);
      },
    });
    await expect(stopped).rejects.toBe(reason);
    expect((await readdir(cacheFolder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect((await prepare(clips, { cacheFolder })).progress?.cached).toBe(1);
  });

  it.each([
    [{ workers: -1 }, "features: workers must be a whole number from 0; got -1"],
    [{ workers: 2 }, "features: workers need the built package, and this is its TypeScript source"],
    [{ minimumFrames: 0 }, "features: minimumFrames must be a whole number from 1; got 0"],
  ])("refuses %o", async (options, message) => {
    await expect(prepareFeatures([], MEL, { workers: 0, ...options })).rejects.toThrow(message);
  });

  it("of nothing gives nothing", async () => {
    const { store } = await prepare([], { cacheFolder: await temporaryFolder() });
    expect(store.clips).toEqual([]);
  });
});
