import { copyFile, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../testing/temporary-folder.ts";
import { buildSources, removeSources } from "../../features/testing/built-sources.ts";
import type { PreparationProgress } from "../../features/preparation.ts";
import { music } from "../testing/music.ts";
import { clipsOf, writeSounds } from "../testing/recordings.ts";
import { measureFiles, type MeasureOptions } from "./measure-files.ts";

async function threeRecordings() {
  const folder = await temporaryFolder();
  await writeSounds(folder, {
    "a.wav": music({ seed: 1, seconds: 1 }),
    "b.wav": music({ seed: 2, seconds: 1.5 }),
    "c d\n'é'.wav": music({ seed: 3, seconds: 0.5 }),
  });
  return { folder, clips: clipsOf(folder, ["a.wav", "b.wav", "c d\n'é'.wav"]) };
}

async function measure(clips: Parameters<typeof measureFiles>[0], options: MeasureOptions) {
  const reports: PreparationProgress[] = [];
  const onProgress = (report: PreparationProgress) => reports.push(report);
  const measured = await measureFiles(clips, { workers: 0, onProgress, ...options });
  return { ...measured, last: reports[reports.length - 1], reports };
}

describe("measured files", () => {
  it("are in the order of the clips, each once", async () => {
    const { folder, clips } = await threeRecordings();
    const part = { ...clips[0], id: "a.wav#0.5-", start: 0.5 };
    const { files, problems, last } = await measure([...clips, part], { cacheFolder: join(folder, "cache") });
    expect(files.map(({ path }) => path)).toEqual(clips.map(({ path }) => path));
    expect(problems).toEqual([]);
    expect(last).toMatchObject({ done: 3, clips: 3, cached: 0 });
    expect(last.audioSeconds).toBeCloseTo(3, 6);
  });

  it("are found again by their content, under other names too, with the same measurement", async () => {
    const { folder, clips } = await threeRecordings();
    const cacheFolder = join(folder, "cache");
    const before = await measure(clips, { cacheFolder });
    const names = (await readdir(cacheFolder)).filter((name) => name.endsWith(".features"));
    expect(names).toHaveLength(3);
    await copyFile(clips[1].path, join(folder, "copy.wav"));
    const after = await measure(clipsOf(folder, ["copy.wav"]), { cacheFolder });
    expect(after.last).toMatchObject({ cached: 1, audioSeconds: 0 });
    expect(after.files[0].measurement).toEqual(before.files[1].measurement);
    expect(after.files[0].content).toBe(before.files[1].content);
  });

  it("are measured again when what is kept is damaged, or the recording is another", async () => {
    const { folder, clips } = await threeRecordings();
    const cacheFolder = join(folder, "cache");
    const before = await measure(clips, { cacheFolder });
    for (const name of (await readdir(cacheFolder)).filter((one) => one.endsWith(".features"))) {
      const bytes = await readFile(join(cacheFolder, name));
      bytes[60] ^= 1;
      await writeFile(join(cacheFolder, name), bytes);
    }
    const after = await measure(clips, { cacheFolder });
    expect(after.last.cached).toBe(0);
    expect(after.files).toEqual(before.files);
    await writeSounds(folder, { "a.wav": music({ seed: 9, seconds: 1 }) });
    const changed = await measure(clips, { cacheFolder });
    expect(changed.last.cached).toBe(2);
    expect(changed.files[0].measurement).not.toEqual(before.files[0].measurement);
  });

  it("do not need a cache", async () => {
    const { folder, clips } = await threeRecordings();
    await writeFile(join(folder, "file"), "");
    const { files } = await measure(clips, { cacheFolder: join(folder, "file", "cache") });
    expect(files).toHaveLength(3);
  });

  it("are those that can be read; of the others it is said why not", async () => {
    const { folder, clips } = await threeRecordings();
    await writeFile(join(folder, "empty.wav"), "");
    await writeFile(join(folder, "text.wav"), "not sound");
    await symlink(join(folder, "nowhere"), join(folder, "link.wav"));
    const bad = clipsOf(folder, ["empty.wav", "text.wav", "link.wav", "gone.wav"]);
    const { files, problems, last } = await measure([...bad, ...clips], {
      cacheFolder: join(folder, "cache"),
    });
    expect(files).toHaveLength(3);
    expect(problems.map(({ path }) => path)).toEqual(bad.map(({ path }) => path));
    expect(problems[0].problem).toBe("empty file");
    expect(problems[1].problem).toMatch(/^not a recording in a known format/);
    expect(problems[2].problem).toContain("no such file");
    expect(last).toMatchObject({ done: 7, clips: 7 });
  });

  it("stop being measured at a signal, and what was done is kept", async () => {
    const { folder, clips } = await threeRecordings();
    const cacheFolder = join(folder, "cache");
    const controller = new AbortController();
    const stopped = measureFiles(clips, {
      workers: 0,
      cacheFolder,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 1) controller.abort(new Error("enough"));
      },
    });
    await expect(stopped).rejects.toThrow("enough");
    // The longest is measured first.
    expect((await measure([clips[1]], { cacheFolder })).last.cached).toBe(1);
    expect((await measure([clips[0]], { cacheFolder })).last.cached).toBe(0);
  });

  it("let through what goes wrong in a report of progress", async () => {
    const { folder, clips } = await threeRecordings();
    const failing = measureFiles(clips, {
      workers: 0,
      cacheFolder: join(folder, "cache"),
      onProgress: () => {
        throw new Error("in the report");
      },
    });
    await expect(failing).rejects.toThrow("in the report");
  });
});

describe("worker threads", () => {
  const ENTRY = "data/audio/inspect/measure/measure-files";
  let sources = "";

  beforeAll(async () => {
    sources = await buildSources(`${ENTRY}.ts`);
  }, 60_000);

  afterAll(() => removeSources(sources));

  /** Measures with the built package in a process of its own. */
  async function run(folder: string, names: readonly string[], workers: number): Promise<unknown> {
    const script = join(folder, "main.mjs");
    const clips = clipsOf(folder, names).map((clip) => ({ ...clip, target: [...clip.target] }));
    await writeFile(
      script,
      `import { createHash } from "node:crypto";
      import { measureFiles } from ${JSON.stringify(join(sources, `${ENTRY}.js`))};
      const clips = ${JSON.stringify(clips)};
      const options = { workers: ${workers}, cacheFolder: ${JSON.stringify(join(folder, `cache${workers}`))} };
      const { files, problems } = await measureFiles(clips, options);
      console.log(JSON.stringify({
        problems,
        files: files.map(({ measurement: { fingerprint, ...fields }, ...file }) => ({
          ...file, ...fields, fingerprint: createHash("sha256").update(fingerprint).digest("hex"),
        })),
      }));`,
    );
    const { stdout } = await promisify(execFile)(execPath, [script], { timeout: 50_000 });
    await rm(script);
    return JSON.parse(stdout);
  }

  it("measure the same, in the same order, however many they are", async () => {
    const folder = await temporaryFolder();
    const names = Array.from({ length: 7 }, (_, i) => `${i}.wav`);
    for (const [i, name] of names.entries()) {
      await writeSounds(folder, { [name]: music({ seed: i, seconds: 0.3 + 0.1 * i }) });
    }
    await writeFile(join(folder, "text.wav"), "not sound");
    const all = [...names, "text.wav"];
    const one = await run(folder, all, 0);
    expect(await run(folder, all, 2)).toEqual(one);
    expect(one).toMatchObject({ problems: [{ path: join(folder, "text.wav") }] });
  });
});
