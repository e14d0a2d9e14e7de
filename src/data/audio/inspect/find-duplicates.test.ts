import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { resample } from "../../../audio/resample/resample.ts";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { splitCollection } from "../../collection/split/split-collection.ts";
import { collectionOf } from "../testing/collections.ts";
import type { DuplicatePair } from "./duplicate-pair.ts";
import { findDuplicates } from "./find-duplicates.ts";
import { hit, music, note, padded, RATE, scaled, withNoise } from "./testing/music.ts";
import { clipsOf, writeSounds, type Content } from "./testing/recordings.ts";

/**
 * The music of seed 7, 5 s at 16,000 Hz. Made with
 *   ffmpeg -i music.wav -map_metadata -1 -bitexact -b:a 24k music.mp3
 *   ffmpeg -i music.wav -map_metadata -1 -bitexact -c:a libvorbis -q:a 0 music.ogg
 */
const fixture = (name: string) => fileURLToPath(new URL(`testing/fixtures/${name}`, import.meta.url));

async function duplicatesOf(
  files: Readonly<Record<string, Content>>,
  copied: Readonly<Record<string, string>> = {},
): Promise<DuplicatePair[]> {
  const folder = await temporaryFolder();
  await writeSounds(folder, files);
  for (const [name, source] of Object.entries(copied)) await copyFile(source, join(folder, name));
  const clips = clipsOf(folder, [...Object.keys(files), ...Object.keys(copied)]);
  return findDuplicates(clips, { workers: 0, cacheFolder: join(folder, "cache") });
}

const original = music({ seed: 1, seconds: 8 });

describe("duplicates", () => {
  it("are copies of files, and the same samples in others", async () => {
    const pairs = await duplicatesOf({
      "a.wav": original,
      "other.wav": music({ seed: 2, seconds: 8 }),
      "same.wav": original,
      "same too.wav": original,
      "deeper.wav": { channels: [original.map((x) => Math.round(x * 32768) / 32768)], bitDepth: 24 },
    });
    const shared = { offset: 0, overlap: 8, similarity: 1 };
    expect(pairs).toEqual([
      { a: "a.wav", b: "same.wav", kind: "file", ...shared },
      { a: "a.wav", b: "same too.wav", kind: "file", ...shared },
      { a: "a.wav", b: "deeper.wav", kind: "samples", ...shared },
    ]);
  });

  it.each([
    ["at another gain", scaled(original, 0.2), 0.95],
    ["with noise 21 dB below it", withNoise(original, 0.01, 5), 0.75],
    ["distorted by clipping", original.map((x) => Math.max(-0.3, Math.min(0.3, x))), 0.8],
    // A first-order low-pass: -3 dB at about 900 Hz.
    [
      "dull",
      original.map(
        (
          (state) => (x: number) =>
            (state += 0.3 * (x - state))
        )(0),
      ),
      0.8,
    ],
  ])("are the same recording %s", async (_, samples, similarity) => {
    const pairs = await duplicatesOf({ "a.wav": original, "b.wav": samples });
    expect(pairs).toMatchObject([{ a: "a.wav", b: "b.wav", kind: "recording" }]);
    expect(pairs[0].similarity).toBeGreaterThan(similarity);
    expect(pairs[0].offset).toBeCloseTo(0, 1);
    expect(pairs[0].overlap).toBeGreaterThan(7.5);
  });

  it("are the same recording at another sample rate", async () => {
    for (const sampleRate of [11_025, 44_100]) {
      const { samples } = await resample({ samples: original, sampleRate: RATE }, sampleRate);
      const pairs = await duplicatesOf({ "a.wav": original, "b.wav": { channels: [samples], sampleRate } });
      expect(pairs).toMatchObject([{ kind: "recording" }]);
      expect(pairs[0].similarity).toBeGreaterThan(0.95);
    }
  });

  it.each(["music.mp3", "music.ogg"])("are the same recording in %s", async (name) => {
    const pairs = await duplicatesOf(
      { "a.wav": music({ seed: 7, seconds: 5 }), "b.wav": music({ seed: 8, seconds: 5 }) },
      { [name]: fixture(name) },
    );
    expect(pairs).toMatchObject([{ a: "a.wav", b: name, kind: "recording" }]);
    expect(pairs[0].similarity).toBeGreaterThan(0.75);
  });

  it("are excerpts of a recording, and two that overlap; where they begin is told", async () => {
    const pairs = await duplicatesOf({
      "whole.wav": original,
      "later.wav": scaled(original.subarray(2.345 * RATE, 7 * RATE), 0.5),
      "end.wav": original.subarray(3.2 * RATE),
    });
    const offsetOf = new Map(pairs.map(({ a, b, offset }) => [`${a} ${b}`, offset]));
    expect(offsetOf.get("whole.wav later.wav")).toBeCloseTo(2.345, 1);
    expect(offsetOf.get("whole.wav end.wav")).toBeCloseTo(3.2, 1);
    // 3.2 - 2.345.
    expect(offsetOf.get("later.wav end.wav")).toBeCloseTo(0.855, 1);
    const between = pairs.find(({ a, b }) => a === "later.wav" && b === "end.wav");
    // From 3.2 to 7 s.
    expect(between?.overlap).toBeGreaterThan(3.2);
    expect(between?.overlap).toBeLessThan(4);
  });

  it("are short sounds with the same samples, at another gain and place, but no others", async () => {
    const sound = hit({ seed: 1, seconds: 0.25 });
    const pairs = await duplicatesOf({
      "hit.wav": sound,
      "harder.wav": hit({ seed: 2, seconds: 0.25 }),
      "moved.wav": padded(scaled(sound, 0.3), 1000, 3000),
      "note.wav": note(440, { seed: 1, seconds: 1 }),
      "other note.wav": note(440, { seed: 2, seconds: 1 }),
    });
    expect(pairs).toMatchObject([{ a: "hit.wav", b: "moved.wav", kind: "recording" }]);
    // 1000 samples before it.
    expect(pairs[0].offset).toBeCloseTo(-1000 / RATE, 9);
    expect(pairs[0].overlap).toBeCloseTo(0.25, 9);
    expect(pairs[0].similarity).toBeGreaterThan(0.999);
  });

  it("are neither other music, nor notes of one pitch, nor silence, nor what is no sound", async () => {
    const broken = music({ seed: 30, seconds: 5 });
    broken[9] = NaN;
    const pairs = await duplicatesOf({
      ...Object.fromEntries([11, 12, 13].map((seed) => [`music ${seed}.wav`, music({ seed, seconds: 6 })])),
      ...Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((seed) => [`note ${seed}.wav`, note(440, { seed, seconds: 6 })]),
      ),
      "silence.wav": new Float32Array(5 * RATE),
      "silence too.wav": new Float32Array(5 * RATE),
      "broken.wav": { channels: [broken], bitDepth: "32-float" },
      "broken too.wav": { channels: [broken], bitDepth: "32-float" },
    });
    expect(pairs).toEqual([]);
  });

  it("of parts of files are the parts that share something", async () => {
    const folder = await temporaryFolder();
    const other = music({ seed: 2, seconds: 12 });
    other.set(original.subarray(0, 4 * RATE), 6 * RATE);
    await writeSounds(folder, { "a.wav": original, "b.wav": other });
    const [a, b] = clipsOf(folder, ["a.wav", "b.wav"]);
    const parts = [
      { ...a, id: "a1", start: 0, end: 4 },
      { ...a, id: "a2", start: 4, end: 8 },
      { ...b, id: "b1", start: 0, end: 5 },
      { ...b, id: "b2", start: 5, end: undefined },
    ];
    const pairs = await findDuplicates(parts, { workers: 0, cacheFolder: join(folder, "cache") });
    expect(pairs).toMatchObject([{ a: "a1", b: "b2" }]);
    // b2 begins at 5 s, where a would have begun at 6 s.
    expect(pairs[0].offset).toBeCloseTo(-1, 1);
  });

  it("are links that a split keeps together", async () => {
    const folder = await temporaryFolder();
    const names = Array.from({ length: 10 }, (_, i) => `${i}.wav`);
    for (const [i, name] of names.entries()) {
      // Numbers 8 and 9 are 0 and 1 at another gain.
      const sound = music({ seed: i % 8, seconds: 5 });
      await writeSounds(folder, { [name]: i < 8 ? sound : scaled(sound, 0.4) });
    }
    const links = await findDuplicates(clipsOf(folder, names), {
      workers: 0,
      cacheFolder: join(folder, "cache"),
    });
    expect(links.map(({ a, b }) => [a, b])).toEqual([
      ["0.wav", "8.wav"],
      ["1.wav", "9.wav"],
    ]);
    const collection = collectionOf(names.map((name, i) => ({ name, labels: [i % 2 ? "x" : "y"] })));
    for (let seed = 0; seed < 5; seed++) {
      const split = splitCollection(collection, { links, seed, fractions: [0.6, 0.2, 0.2] });
      expect(split.report.leaks).toEqual([]);
    }
  });
});
