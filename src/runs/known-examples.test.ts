/** @file The test clips of a run whose initial weights were trained on some of its recordings. */

import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MeasurementCache } from "../data/audio/inspect/measure/measurement-cache.ts";
import type { Measurement } from "../data/audio/inspect/measure/measurement.ts";
import { measurementOf } from "../data/audio/inspect/testing/measurements.ts";
import { randomWords, withErrorsBetween } from "../data/audio/inspect/testing/words.ts";
import { splitCollection, type AudioClip, type CollectionSplit } from "../data/audio/index.ts";
import { NO_PROVENANCE, type Provenance } from "../data/audio/provenance/provenance.ts";
import { collectionOf } from "../data/audio/testing/collections.ts";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { SOUND_WORDS } from "../data/collection/words.ts";
import { AuricleError } from "../errors.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import { soundConfigOf } from "./testing/sound-config.ts";
import { writeRecording } from "./testing/recordings.ts";
import { checkSameBeginning, doubtsAbout, provenanceOf } from "./known-examples.ts";
import { loadProvenance, writeProvenance } from "./provenance-file.ts";
import { divide } from "./divide-data.ts";
import { knownIn } from "./sound/known-clips.ts";

const observer = { preparing: () => undefined, note: () => undefined, warning: () => undefined };

/** 5 s: enough for fingerprints to tell recordings. */
const FRAMES = 5 * 22_050;
const WORDS = 430;

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A recording as it is, copied under another name, with other bytes around the same samples, and by a codec. */
const VARIANTS = ["original", "original", "copy", "samples", "codec"] as const;

const FRACTIONS: readonly [number, number, number][] = [
  [0.85, 0.1, 0.05],
  [0.5, 0.25, 0.25],
  [0.4, 0, 0.6],
];

/** One run of a chain: random recordings of the world, in a folder of their own, split at random. */
class Chain {
  readonly random: Generator;
  readonly folder: string;
  readonly features: string;
  private readonly cache: MeasurementCache;
  /** The number of the recording that each file's text stands for. */
  private readonly recordingOf = new Map<string, number>();
  private readonly textOf = new Map<string, string>();
  /** Ground truth: the numbers of recordings. */
  readonly trained = new Set<number>();
  readonly validated = new Set<number>();
  provenance: Provenance | undefined;
  made = 0;
  refused = 0;

  constructor(folder: string, seed: number) {
    this.random = new Generator(deriveKey(seed, "chain"));
    this.folder = folder;
    this.features = join(folder, "features");
    this.cache = new MeasurementCache(this.features);
  }

  async run(number: number): Promise<void> {
    const { random } = this;
    const data = join(this.folder, `data-${number}`);
    const collection = await this.collection(data);
    const store = { content: ({ path }: AudioClip) => sha256(this.textOf.get(path) ?? "") };
    const controls = { observer, threads: 1, featureFolder: this.features };
    const earlier = this.provenance ?? NO_PROVENANCE;
    const found = await knownIn(collection, { data, store, provenance: earlier }, true, controls);
    const fractions = FRACTIONS[random.integer(FRACTIONS.length)];
    const fold = random.uniform() < 0.3 ? { of: 4, number: random.integer(4) } : null;
    const split = {
      fractions,
      official: true,
      fold,
      seed: random.integer(1000),
      force: false,
      duplicates: true,
      trainSize: null,
    };
    let parts: CollectionSplit;
    try {
      parts = divide(collection, split, found.links, this.provenance && found.known);
    } catch (error) {
      if (!(error instanceof AuricleError) || error.code !== "data") throw error;
      expect(error.message).toContain("nothing is left for");
      this.refused++;
      return;
    }
    this.check(parts);
    this.made++;
    for (const { path } of parts.train) this.trained.add(this.numberOf(path));
    for (const { path } of parts.validation) this.validated.add(this.numberOf(path));
    const run = join(this.folder, `run-${number}`);
    await writeRecording(join(run, "config.json"), "{}");
    await writeProvenance(run, provenanceOf(earlier, data, { collection, parts, store }, found));
    const metadata = () => Promise.resolve({});
    this.provenance = await loadProvenance({ path: run, config: soundConfigOf(), metadata });
    // What a run was trained on may be gone.
    if (random.uniform() < 0.5) await rm(data, { recursive: true });
  }

  private check({ validation, test, train }: CollectionSplit): void {
    const groups = new Set(train.map(({ group }) => group));
    for (const { path, group } of [...validation, ...test]) {
      expect(this.trained.has(this.numberOf(path)), `${path} was trained on before`).toBe(false);
      expect(groups.has(group), `${path} has its group in training`).toBe(false);
    }
    for (const { path } of test) {
      expect(this.validated.has(this.numberOf(path)), `${path} chose an epoch before`).toBe(false);
    }
  }

  /** Puts the measurement of a file, which is text, into the cache. */
  private async remember(
    text: string,
    sound: Pick<Measurement, "samplesHash" | "fingerprint">,
  ): Promise<void> {
    const content = sha256(text);
    if (await this.cache.lookUp(content)) return;
    await this.cache.store(content, measurementOf({ frames: FRAMES, ...sound }));
  }

  private numberOf(path: string): number {
    return this.recordingOf.get(this.textOf.get(path) ?? "") ?? -1;
  }

  private async collection(data: string) {
    const { random } = this;
    const numbers = random.shuffle(Array.from({ length: 40 }, (_, i) => i)).slice(0, 18 + random.integer(18));
    const entries = [];
    for (const recording of numbers) {
      const variant = VARIANTS[random.integer(VARIANTS.length)];
      const name = variant === "original" ? `${recording}.wav` : `${random.uint32()}.wav`;
      const path = join(data, name);
      const isCopy = variant === "original" || variant === "copy";
      const text = isCopy ? `recording ${recording}` : `${variant} of recording ${recording}`;
      const words = randomWords(WORDS, recording);
      await writeRecording(path, text);
      await this.remember(text, {
        samplesHash: variant === "codec" ? `coded ${recording}` : `samples ${recording}`,
        fingerprint: variant === "codec" ? withErrorsBetween(words, 3, 3) : words,
      });
      this.textOf.set(path, text);
      this.recordingOf.set(text, recording);
      const about = { path, name, labels: [`c${recording % 3}`] };
      // Some are of a group of three, some are cut in two.
      const grouped = recording < 12 ? { group: `group ${Math.floor(recording / 3)}` } : {};
      if (recording >= 34) entries.push({ ...about, end: 2.5 }, { ...about, start: 2.5 });
      else entries.push({ ...about, ...grouped });
    }
    return { ...collectionOf(entries), folder: data };
  }
}

describe("a chain of runs", () => {
  it("never tests or validates on what any of them was trained on, nor tests on what chose an epoch", async () => {
    let [made, refused] = [0, 0];
    for (let seed = 0; seed < 8; seed++) {
      const chain = new Chain(await temporaryFolder(), seed);
      for (let number = 0; number < 6; number++) await chain.run(number);
      made += chain.made;
      refused += chain.refused;
      expect(chain.trained.size).toBeGreaterThan(10);
    }
    // Otherwise the test would say nothing.
    expect(made).toBeGreaterThan(24);
    expect(refused).toBeGreaterThan(0);
  });
});

describe("what a run's weights come from", () => {
  const collection = collectionOf(Array.from({ length: 20 }, (_, i) => ({ labels: [`c${i % 2}`] })));
  const store = { content: ({ id }: AudioClip) => sha256(id) };
  const controls = { observer, threads: 1 };

  it("is told by content alone where sounds are not compared, which is said", async () => {
    const parts = splitCollection(collection, { fractions: [0.5, 0.25, 0.25] });
    const first = await knownIn(
      collection,
      { data: "/data", store, provenance: NO_PROVENANCE },
      false,
      controls,
    );
    const provenance = provenanceOf(NO_PROVENANCE, "/data", { collection, parts, store }, first);
    const found = await knownIn(collection, { data: "/data", store, provenance }, false, controls);
    expect([...found.known].filter(([, role]) => role === "train").map(([id]) => id)).toEqual(
      parts.train.map(({ id }) => id),
    );
    expect(doubtsAbout(provenance, found, SOUND_WORDS)).toEqual([
      expect.stringMatching(/^For 15 of the recordings .* only the file's content is compared/),
    ]);
    expect(
      doubtsAbout({ ...provenance, sources: [{ data: "AudioSet", isListed: false }] }, found, SOUND_WORDS)[0],
    ).toMatch(
      /^The recordings of "AudioSet" that the weights were trained on are not listed: .* some of them\.$/,
    );
  });

  it("must not have grown since a run was begun with it", () => {
    const recording = { content: "a", role: "train" as const, source: 0 };
    const own: Provenance = { sources: [{ data: "x", isListed: true }], recordings: [recording] };
    expect(() => checkSameBeginning("run", own, own, SOUND_WORDS)).not.toThrow();
    const grown = { ...own, recordings: [recording, { ...recording, content: "b" }] };
    expect(() => checkSameBeginning("run", own, grown, SOUND_WORDS)).toThrow(
      /^run: .* trained on 1 other recordings since/,
    );
  });
});
