import { createHash } from "node:crypto";
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { frontEnd } from "../../../../audio/front-end/index.ts";
import { encodeWav } from "../../../../audio/index.ts";
import { temporaryFolder } from "../../../testing/temporary-folder.ts";
import { FileMeter } from "../../inspect/measure/file-meter.ts";
import type { MeasuringMessage } from "../../inspect/measure/messages.ts";
import { FeatureCache } from "../cache/feature-cache.ts";
import { featureFiles } from "../cache/feature-files-node.ts";
import { CHANGING } from "../cache/watched-content.ts";
import { frontEndFingerprint } from "../front-end-fingerprint.ts";
import { prepareFeatures } from "../prepare-features.ts";
import { MEL, noise, RATE, recording } from "../testing/recordings.ts";
import { FileProcessor } from "./file-processor.ts";
import type { ClipFeatures, ProcessorMessage } from "./messages.ts";

/** A recording of a second, and what it can be changed to: noise of another seed, of the same length. */
async function place(seconds = 1) {
  const folder = await temporaryFolder();
  const clip = await recording(folder, "a.wav", noise(seconds * RATE, 1));
  const change = (seed: number) =>
    writeFileSync(
      clip.path,
      encodeWav({ sampleRate: RATE, channels: [noise(seconds * RATE, seed)] }, { bitDepth: "32-float" }),
    );
  const hash = () => createHash("sha256").update(readFileSync(clip.path)).digest("hex");
  return { cacheFolder: `${folder}/cache`, clip, path: clip.path, change, hash };
}

function processor(cacheFolder: string): FileProcessor {
  const front = frontEnd(MEL);
  const fingerprint = frontEndFingerprint(front, RATE);
  return new FileProcessor({ frontEnd: front.config, fingerprint, minimumSamples: RATE, cacheFolder });
}

/** Lets a processor work on the clips of one file; `onMessage` may change the file. */
async function process(
  cacheFolder: string,
  path: string,
  clips: readonly (readonly [start: number, end: number | undefined])[],
  onMessage: (message: ProcessorMessage) => void,
) {
  const features = new Map<number, ClipFeatures>();
  const problems: string[] = [];
  const task = { path, content: undefined, clips: clips.map(([start, end], clip) => ({ clip, start, end })) };
  const emit = (message: ProcessorMessage) => {
    if (message.kind === "clip") features.set(message.clip, message.features);
    if (message.kind === "problem") problems.push(message.problem);
    onMessage(message);
  };
  await processor(cacheFolder).process(task, emit, undefined);
  return { features, problems };
}

const valuesOf = ({ path, steps }: ClipFeatures) => {
  const values = new Float32Array(steps * MEL.melBands);
  expect(featureFiles.readNow(path, 0, values)).toBe(true);
  return values;
};

describe("a recording that changes while its features are computed", () => {
  it("is begun again, so that no features are kept under another content", async () => {
    const { cacheFolder, path, change, hash } = await place();
    const before = hash();
    let changes = 0;
    const { features, problems } = await process(cacheFolder, path, [[0, undefined]], ({ kind }) => {
      // After the first hash, before anything is decoded.
      if (kind === "content" && changes++ === 0) change(2);
    });
    expect(problems).toEqual([]);
    const found = features.get(0);
    expect(found?.content).toBe(hash());
    const fresh = await process(`${cacheFolder}-2`, path, [[0, undefined]], () => undefined);
    const expected = fresh.features.get(0);
    expect(found && valuesOf(found)).toEqual(expected && valuesOf(expected));
    // Nothing lies under the hash of what is gone.
    const front = frontEnd(MEL);
    const key = { start: 0, end: undefined, frontEnd: frontEndFingerprint(front, RATE), paddedTo: 0 };
    const cache = new FeatureCache(cacheFolder);
    expect(await cache.lookUp(cache.path({ ...key, content: before }), MEL.melBands)).toBeUndefined();
    expect(await cache.lookUp(cache.path({ ...key, content: hash() }), MEL.melBands)).toBeDefined();
  });

  it("is begun again also where its time and size stay", async () => {
    const { cacheFolder, path, change, hash } = await place();
    const { atime, mtime } = statSync(path);
    let changes = 0;
    const { features } = await process(cacheFolder, path, [[0, undefined]], ({ kind }) => {
      if (kind !== "content" || changes++ > 0) return;
      change(2);
      utimesSync(path, atime, mtime);
    });
    expect(features.get(0)?.content).toBe(hash());
  });

  it("gives all its clips from one content", async () => {
    const { cacheFolder, path, change, hash } = await place(3);
    let clips = 0;
    const parts = [
      [0, 1],
      [1, 2],
      [2, 3],
    ] as const;
    const { features } = await process(cacheFolder, path, parts, ({ kind }) => {
      if (kind === "clip" && ++clips === 2) change(2);
    });
    expect([...features.values()].map(({ content }) => content)).toEqual([hash(), hash(), hash()]);
  });

  it("is a problem where it changes again and again, or is gone", async () => {
    const { cacheFolder, path, change } = await place();
    let seed = 2;
    const restless = await process(cacheFolder, path, [[0, undefined]], ({ kind }) => {
      if (kind === "content") change(seed++);
    });
    expect([restless.features.size, restless.problems]).toEqual([0, [CHANGING]]);
    const gone = await process(cacheFolder, path, [[0, undefined]], ({ kind }) => {
      if (kind === "content") rmSync(path, { force: true });
    });
    expect([gone.features.size, gone.problems]).toEqual([
      0,
      [expect.stringMatching(/cannot read .*no such file/)],
    ]);
  });

  it("is a problem where features that were lost are to be computed again", async () => {
    const { cacheFolder, clip, change } = await place();
    const store = await prepareFeatures([clip], MEL, { workers: 0, cacheFolder, memoryLimit: 0 });
    change(2);
    rmSync(cacheFolder, { recursive: true });
    await expect(store.read(clip, 0, 1)).rejects.toThrow(
      /a.wav has changed since its features were computed/,
    );
  });
});

describe("a recording that changes while it is measured", () => {
  const measure = async (cacheFolder: string, path: string, onContent: () => void) => {
    const messages: MeasuringMessage[] = [];
    await new FileMeter(cacheFolder).measure({ path, content: undefined }, (message) => {
      messages.push(message);
      if (message.kind === "content") onContent();
    });
    return messages[messages.length - 1];
  };

  it("is begun again", async () => {
    const { cacheFolder, path, change, hash } = await place();
    let changes = 0;
    const last = await measure(cacheFolder, path, () => {
      if (changes++ === 0) change(2);
    });
    const fresh = await measure(`${cacheFolder}-2`, path, () => undefined);
    expect(last).toEqual(fresh);
    expect(last).toMatchObject({ kind: "measured", content: hash() });
  });

  it("is a problem where it changes again and again", async () => {
    const { cacheFolder, path, change } = await place();
    let seed = 2;
    expect(await measure(cacheFolder, path, () => change(seed++))).toEqual({
      kind: "problem",
      path,
      problem: CHANGING,
    });
  });
});
