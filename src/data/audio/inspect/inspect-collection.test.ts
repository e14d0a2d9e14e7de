import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { openAudioCollection } from "../open.ts";
import { inspectCollection, type InspectOptions } from "./inspect-collection.ts";
import type { Inspection } from "./inspection.ts";
import { music, padded, RATE, scaled } from "./testing/music.ts";
import { writeSounds, type Content } from "./testing/recordings.ts";

const sound = (seed: number) => music({ seed, seconds: 4 });

async function inspect(
  folder: string,
  files: Readonly<Record<string, Content>>,
  options: InspectOptions = {},
): Promise<Inspection> {
  await writeSounds(folder, files);
  const collection = await openAudioCollection(folder);
  return inspectCollection(collection, { workers: 0, cacheFolder: join(folder, ".cache"), ...options });
}

/** Four of two classes, with which there is nothing wrong. */
const GOOD = { "x/1.wav": sound(1), "x/2.wav": sound(2), "y/3.wav": sound(3), "y/4.wav": sound(4) };
const HALVES = { fractions: [0.5, 0.5, 0] } as const;

describe("an inspection", () => {
  it("of good recordings finds nothing wrong", async () => {
    const folder = await temporaryFolder();
    expect(await inspect(folder, GOOD, HALVES)).toMatchObject({
      folder,
      task: "classification",
      summary: { clips: 4, files: 4, seconds: { total: 16 }, sampleRates: [{ value: RATE, files: 4 }] },
      problems: [],
      notes: [],
      duplicates: [],
      conflicts: [],
      split: { leaks: [], leaksUnlessLinked: [], report: { origin: "random" } },
    });
  });

  it("names every fault with its file", async () => {
    const folder = await temporaryFolder();
    await writeSounds(folder, { "x/cut off.wav": sound(5) });
    // A header of 44 bytes, and 1 s of 16 bits.
    await truncate(join(folder, "x", "cut off.wav"), 44 + 2 * RATE);
    await writeFile(join(folder, "x", "empty.wav"), "");
    await writeFile(join(folder, "x", "text.wav"), "this is not sound");
    await writeFile(join(folder, "x", "._1.wav"), "an AppleDouble twin");
    const broken = sound(6);
    broken[5] = Infinity;
    const { problems } = await inspect(folder, {
      ...GOOD,
      "y/clipped.wav": sound(7).map((x) => Math.max(-1, Math.min(1, 30 * x))),
      "y/offset.wav": sound(8).map((x) => x + 0.1),
      "y/silent.wav": new Float32Array(RATE),
      "y/pause.wav": padded(sound(9), 0, 5 * RATE),
      "y/tick.wav": sound(10).subarray(0, 0.01 * RATE),
      "y/broken.wav": { channels: [broken], bitDepth: "32-float" },
    });
    const found = problems.map(({ kind, path }) => [kind, path.slice(folder.length + 1)]);
    expect(found).toEqual([
      ["unusable", "x/text.wav"],
      ["empty", "x/empty.wav"],
      ["notNumbers", "y/broken.wav"],
      ["truncated", "x/cut off.wav"],
      ["silent", "y/silent.wav"],
      ["partlySilent", "y/pause.wav"],
      ["clipped", "y/clipped.wav"],
      ["dcOffset", "y/offset.wav"],
      ["veryShort", "y/tick.wav"],
    ]);
    expect(problems[3].problem).toBe("the header says 4.0 s, the file holds 1.0 s");
  });

  it("finds duplicates, labels that contradict each other, and what a split would leak", async () => {
    const folder = await temporaryFolder();
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`${i % 2 ? "x" : "y"}/${i}.wav`, sound(i)]),
    );
    const copies = Object.fromEntries(
      Array.from({ length: 6 }, (_, i) => [`${i % 2 ? "x" : "y"}/copy ${i}.wav`, scaled(sound(i), 0.5)]),
    );
    const inspection = await inspect(
      folder,
      { ...files, ...copies, "x/wrong.wav": sound(10) },
      { fractions: [0.4, 0.3, 0.3] },
    );
    expect(inspection.duplicates?.map(({ kind, a, b }) => [kind, a, b])).toEqual([
      ["recording", "x/1.wav", "x/copy 1.wav"],
      ["recording", "x/3.wav", "x/copy 3.wav"],
      ["recording", "x/5.wav", "x/copy 5.wav"],
      ["file", "x/wrong.wav", "y/10.wav"],
      ["recording", "y/0.wav", "y/copy 0.wav"],
      ["recording", "y/2.wav", "y/copy 2.wav"],
      ["recording", "y/4.wav", "y/copy 4.wav"],
    ]);
    expect(inspection.conflicts).toEqual([{ a: "x/wrong.wav", b: "y/10.wav", labelOfA: "x", labelOfB: "y" }]);
    expect(inspection.split?.leaks).toEqual([]);
    expect(inspection.split?.leaksUnlessLinked.length).toBeGreaterThan(0);
    const blind = await inspect(folder, {}, { duplicates: false });
    expect(blind).not.toHaveProperty("duplicates");
    expect(blind.conflicts).toEqual([]);
  });

  it("tells when the authors' split leaks", async () => {
    const folder = await temporaryFolder();
    const { split } = await inspect(
      folder,
      {
        "train/x/1.wav": sound(1),
        "train/y/2.wav": sound(2),
        "test/x/3.wav": scaled(sound(1), 0.3),
        "test/y/4.wav": sound(4),
      },
      { fractions: [1, 0, 0] },
    );
    expect(split?.report.origin).toBe("official");
    expect(split?.leaks).toEqual([
      {
        kind: "duplicate",
        what: "test/x/3.wav = train/x/1.wav",
        clips: { train: 1, validation: 0, test: 1 },
      },
    ]);
  });

  it("says why there can be no split, and tells the rest", async () => {
    const folder = await temporaryFolder();
    const inspection = await inspect(folder, { "x/1.wav": sound(1), "y/2.wav": sound(2) });
    expect(inspection.split).toBeUndefined();
    expect(inspection.splitProblem).toContain("nothing is left for the test part");
    expect(inspection.summary.files).toBe(2);
  });

  it("of a list counts parts of files, and finds those beyond their ends", async () => {
    const folder = await temporaryFolder();
    await writeSounds(folder, { "1.wav": sound(1), "2.wav": sound(2) });
    const rows = ["1.wav,x,0,2", "1.wav,y,2,4", "2.wav,x,0,3", "2.wav,y,9,12"];
    await writeFile(join(folder, "clips.csv"), `path,label,start,end\n${rows.join("\n")}\n`);
    const { summary, problems } = await inspect(folder, {}, HALVES);
    expect(summary).toMatchObject({ clips: 4, files: 2 });
    expect(problems).toMatchObject([{ kind: "unusable", path: join(folder, "2.wav") }]);
  });

  it("is the same the second time, and is plain JSON", async () => {
    const folder = await temporaryFolder();
    const files = { ...GOOD, "y/copy.wav": scaled(sound(3), 0.5) };
    const first = await inspect(folder, files, HALVES);
    const collection = await openAudioCollection(folder);
    let cached = 0;
    const second = await inspectCollection(collection, {
      ...HALVES,
      workers: 0,
      cacheFolder: join(folder, ".cache"),
      onProgress: (report) => (cached = report.cached),
    });
    expect(cached).toBe(5);
    expect(second).toEqual(first);
    expect(JSON.parse(JSON.stringify(first))).toEqual(first);
  });
});
