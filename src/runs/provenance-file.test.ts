import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { trainedOnMetadata } from "../audio-model/index.ts";
import { randomWords } from "../data/audio/inspect/testing/words.ts";
import { splitCollection, type AudioClip, type Example } from "../data/audio/index.ts";
import type { Provenance } from "../data/audio/provenance/provenance.ts";
import { collectionOf } from "../data/audio/testing/collections.ts";
import { contentKey } from "../data/collection/content-hashes.ts";
import { temporaryFolder } from "../data/testing/temporary-folder.ts";
import { AuricleError } from "../errors.ts";
import type { Json } from "../nn/index.ts";
import { soundConfigOf } from "./testing/sound-config.ts";
import { loadProvenance, provenanceOfFirstWeights, writeProvenance } from "./provenance-file.ts";
import { writeConfig } from "./kinds.ts";
import type { SoundConfig } from "./sound/sound-config.ts";
import { writeSplit } from "./split-file.ts";

const NAME = "provenance.safetensors";

const soundOf = (length: number) => ({
  samplesHash: `samples ${length}`,
  sampleRate: 22_050,
  frames: 100 * length,
  fingerprint: randomWords(length, length),
});

const PROVENANCE: Provenance = {
  sources: [
    { data: "AudioSet", isListed: false },
    { data: "/data/genres", isListed: true },
  ],
  recordings: [
    { content: "a", role: "train", source: 1, path: "/data/genres/a.wav", group: "Anna", sound: soundOf(70) },
    { content: "b", role: "validation", source: 1, sound: soundOf(0) },
    { content: "c", role: "train", source: 0 },
    { content: "d", role: "train", source: 1, sound: soundOf(9) },
  ],
};

function load(path: string, config: Partial<SoundConfig> = {}, metadata: Record<string, Json> = {}) {
  return loadProvenance({ path, config: soundConfigOf(config), metadata: () => Promise.resolve(metadata) });
}

it("comes back as it was written, also without a single fingerprint", async () => {
  const folder = await temporaryFolder();
  await writeProvenance(folder, PROVENANCE);
  expect(await load(folder)).toEqual(PROVENANCE);
  const silent = { ...PROVENANCE, recordings: PROVENANCE.recordings.slice(1, 3) };
  await writeProvenance(folder, silent);
  expect(await load(folder)).toEqual(silent);
});

it("takes a tenth of the room for many pictures of archives, of which only the content is known", async () => {
  const folder = await temporaryFolder();
  const hash = (i: number) => createHash("sha256").update(String(i)).digest("hex");
  const many = Array.from({ length: 4000 }, (_, i) => ({
    content: hash(i),
    role: i % 3 === 0 ? ("validation" as const) : ("train" as const),
    source: i % 2,
  }));
  const [named] = PROVENANCE.recordings;
  await writeProvenance(folder, { ...PROVENANCE, recordings: [...many, named] });
  const { recordings } = await load(folder);
  const byContent = new Map(recordings.map((one) => [one.content, one]));
  expect(byContent.size).toBe(4001);
  expect(byContent.get("a")).toEqual(named);
  for (const one of many) {
    const content = contentKey(one.content);
    expect(byContent.get(content)).toEqual({ ...one, content });
  }
  // A hash of 64 digits, its role and its source as JSON take more than 100 bytes.
  const { length } = await readFile(join(folder, NAME));
  expect(length).toBeLessThan(12 * many.length + 2000);
});

it("keeps no fingerprints where they are too large, so that the sound is measured again", async () => {
  const folder = await temporaryFolder();
  const [first] = PROVENANCE.recordings;
  const long = { ...soundOf(1), fingerprint: new Uint32Array(2 ** 24 + 1) };
  await writeProvenance(folder, { ...PROVENANCE, recordings: [{ ...first, sound: long }] });
  const { recordings } = await load(folder);
  expect(recordings).toEqual([
    { content: "a", role: "train", source: 1, path: "/data/genres/a.wav", group: "Anna" },
  ]);
});

it("is refused where it is damaged, by name", async () => {
  const folder = await temporaryFolder();
  await writeProvenance(folder, PROVENANCE);
  const bytes = await readFile(join(folder, NAME));
  const text = (from: string, to: string) => {
    const changed = Buffer.from(bytes);
    changed.write(to, changed.indexOf(from));
    return changed;
  };
  const damaged = [
    Buffer.alloc(0),
    bytes.subarray(0, bytes.length - 8),
    text("auricle-provenance", "auricle-provenancX"),
    text('words\\":70', 'words\\":71'),
    text('source\\":1', 'source\\":7'),
  ];
  for (const content of damaged) {
    await writeFile(join(folder, NAME), content);
    const loading = load(folder);
    await expect(loading).rejects.toThrow(AuricleError);
    await expect(loading).rejects.toThrow(NAME);
  }
});

it("is told by the model where the file was left behind", async () => {
  const folder = await temporaryFolder();
  const hash = (digit: string) => digit.repeat(64);
  const metadata = trainedOnMetadata({
    sources: [{ data: "genres", isListed: true }],
    train: [hash("1"), hash("f")],
    validation: [hash("0")],
  });
  expect(await load(folder, {}, metadata)).toEqual({
    sources: [{ data: "genres", isListed: true }],
    recordings: [
      { content: hash("1"), role: "train", source: 0 },
      { content: hash("f"), role: "train", source: 0 },
      { content: hash("0"), role: "validation", source: 0 },
    ],
  });
});

/** A run as earlier versions left it: without provenance, in the file or in the model. */
async function earlierRun(folder: string, config: Partial<SoundConfig>, names: readonly string[]) {
  const collection = collectionOf(names.map((name, i) => ({ name, labels: [`c${i % 2}`] })));
  const { report, ...parts } = splitCollection(collection, { fractions: [0.5, 0.25, 0.25] });
  await mkdir(folder);
  await writeConfig(folder, soundConfigOf(config));
  await writeSplit(folder, { report, parts }, collection, ({ id }: Example) => `content of ${id}`);
  return parts;
}

const eight = (letter: string) => Array.from({ length: 8 }, (_, i) => `${letter}${i}.wav`);

it("of a run of an earlier version is told by its split and by those of the runs it began with", async () => {
  const folder = await temporaryFolder();
  const [first, second] = [join(folder, "first"), join(folder, "second")];
  const partsOfFirst = await earlierRun(first, { data: "/data/a" }, eight("a"));
  const transfer = { from: first, how: "whole" as const };
  const parts = await earlierRun(second, { data: "/data/b", transfer }, eight("b"));
  const { sources, recordings } = await load(second, { data: "/data/b", transfer });
  expect(sources).toEqual([
    { data: "/data/a", isListed: true },
    { data: "/data/b", isListed: true },
  ]);
  const of = (role: string) => recordings.filter((one) => one.role === role).map(({ content }) => content);
  const contents = (clips: readonly AudioClip[]) => clips.map(({ id }) => `content of ${id}`);
  expect(of("train")).toEqual(contents([...partsOfFirst.train, ...parts.train]));
  expect(of("validation").sort()).toEqual(contents([...partsOfFirst.validation, ...parts.validation]).sort());
  expect(recordings[0].path).toBe(join("/data/a", partsOfFirst.train[0].id));

  await rm(first, { recursive: true });
  expect((await load(second, { data: "/data/b", transfer })).sources[0]).toEqual({
    data: first,
    isListed: false,
  });
});

it("is not known where a split has no contents, or is gone, and never ends in a circle", async () => {
  const folder = await temporaryFolder();
  const run = join(folder, "run");
  const transfer = { from: run, how: "whole" as const };
  await earlierRun(run, { data: "/data/a", transfer }, eight("a"));
  const split = JSON.parse(await readFile(join(run, "split.json"), "utf8")) as Record<string, unknown>;
  await writeFile(join(run, "split.json"), JSON.stringify({ ...split, contents: undefined }));
  const unknown = [
    { data: run, isListed: false },
    { data: "/data/a", isListed: false },
  ];
  expect(await provenanceOfFirstWeights(run)).toEqual({ sources: unknown, recordings: [] });
  await rm(join(run, "split.json"));
  expect((await provenanceOfFirstWeights(run)).sources).toEqual(unknown);
});
