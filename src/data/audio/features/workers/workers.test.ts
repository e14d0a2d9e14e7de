/** @file Worker threads, and processes that are killed: with the sources built to JavaScript. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../testing/temporary-folder.ts";
import type { AudioClip } from "../../collection.ts";
import { prepareFeatures } from "../prepare-features.ts";
import { buildSources, removeSources } from "../testing/built-sources.ts";
import { clipOf } from "../testing/memory-store.ts";
import { MEL, noise, recording } from "../testing/recordings.ts";

let sources = "";

const ENTRY = "data/audio/features/prepare-features";

beforeAll(async () => {
  sources = await buildSources(`${ENTRY}.ts`);
}, 60_000);

afterAll(() => removeSources(sources));

/** Eleven recordings, one of them with three clips, and a file that is none. */
async function recordings(): Promise<{ folder: string; clips: AudioClip[] }> {
  const folder = await temporaryFolder();
  const clips: AudioClip[] = [];
  for (let i = 0; i < 11; i++) clips.push(await recording(folder, `${i}.wav`, noise(3000 + 700 * i, i)));
  clips.push({ ...clips[5], id: "5.wav#0.1-0.3", start: 0.1, end: 0.3 });
  clips.push({ ...clips[5], id: "5.wav#0.2-", start: 0.2 });
  await writeFile(join(folder, "text.wav"), "no recording");
  clips.push({ ...clipOf("text.wav", 1, 2), path: join(folder, "text.wav") });
  return { folder, clips };
}

interface ScriptOptions {
  readonly cacheFolder: string;
  readonly workers: number;
  /** Statements to run at each report of progress. */
  readonly onProgress?: string;
}

/** Writes a script that prepares the clips with the built package, and prints what came of it. */
async function script(clips: readonly AudioClip[], options: ScriptOptions): Promise<string> {
  const plain = clips.map((clip) => ({ ...clip, target: [...clip.target] }));
  const file = join(await temporaryFolder(), "main.mjs");
  await writeFile(
    file,
    `import { createHash } from "node:crypto";
    import { prepareFeatures } from ${JSON.stringify(join(sources, `${ENTRY}.js`))};
    const clips = ${JSON.stringify(plain)};
    const controller = new AbortController();
    let last;
    const store = await prepareFeatures(clips, ${JSON.stringify(MEL)}, {
      cacheFolder: ${JSON.stringify(options.cacheFolder)},
      workers: ${options.workers},
      signal: controller.signal,
      onProgress(report) {
        last = report;
        ${options.onProgress ?? ""}
      },
    });
    const hash = createHash("sha256");
    for (const clip of store.clips) hash.update(await store.read(clip, 0, store.frames(clip)));
    console.log(JSON.stringify({
      ids: store.clips.map(({ id }) => id),
      problems: store.problems,
      cached: last.cached,
      done: last.done,
      audioMilliseconds: Math.round(1000 * last.audioSeconds),
      hash: hash.digest("hex"),
    }));`,
  );
  return file;
}

async function run(clips: readonly AudioClip[], options: ScriptOptions): Promise<unknown> {
  const { stdout } = await promisify(execFile)(execPath, [await script(clips, options)], { timeout: 50_000 });
  return JSON.parse(stdout);
}

describe("worker threads", () => {
  it("find the same features and problems, in the same order, however many they are", async () => {
    const { folder, clips } = await recordings();
    const results = await Promise.all(
      [0, 1, 2].map((workers) => run(clips, { cacheFolder: join(folder, `cache${workers}`), workers })),
    );
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
    expect(results[0]).toMatchObject({ ids: clips.slice(0, 13).map(({ id }) => id), cached: 0, done: 14 });
    // And what the other number of workers left in the cache is just what is wanted, byte for byte.
    const names = (await readdir(join(folder, "cache0"))).filter((name) => name.endsWith(".features")).sort();
    expect(names).toHaveLength(13);
    for (const name of names) {
      const bytes = await readFile(join(folder, "cache0", name));
      expect(bytes.equals(await readFile(join(folder, "cache2", name)))).toBe(true);
    }
    expect(await run(clips, { cacheFolder: join(folder, "cache2"), workers: 1 })).toMatchObject({
      cached: 13,
    });
  });

  it("are ended by an abort, and leave nothing half written", async () => {
    const folder = await temporaryFolder();
    const cacheFolder = join(folder, "cache");
    const clips = [await recording(folder, "long.wav", noise(960_000, 1))];
    // 30 of its 120 seconds.
    const onProgress = `if (report.audioSeconds >= 30) controller.abort(new Error("enough"));`;
    await expect(run(clips, { cacheFolder, workers: 2, onProgress })).rejects.toThrow("Error: enough");
    const left = await readdir(cacheFolder).catch(() => []);
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("a process that is killed", () => {
  it("leaves a cache from which the next one goes on, to the same features", async () => {
    const { folder, clips } = await recordings();
    const cacheFolder = join(folder, "cache");
    const onProgress = `console.log("one");`;
    const file = await script(clips, { cacheFolder, workers: 2, onProgress });
    const child = spawn(execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    child.kill("SIGKILL");
    await once(child, "exit");
    const after = await prepareFeatures(clips, MEL, { workers: 0, cacheFolder });
    const fresh = await prepareFeatures(clips, MEL, { workers: 0, cacheFolder: join(folder, "other") });
    expect(after.clips).toHaveLength(13);
    for (const clip of clips.slice(0, 13)) {
      expect(await after.read(clip, 0, after.frames(clip))).toEqual(
        await fresh.read(clip, 0, fresh.frames(clip)),
      );
    }
  });
});
