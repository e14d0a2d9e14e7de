import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import type { AudioClip } from "../collection.ts";
import { hit, music, RATE, scaled } from "../inspect/testing/music.ts";
import { clipsOf, writeSounds, type Content } from "../inspect/testing/recordings.ts";
import { measureFiles } from "../inspect/measure/measure-files.ts";
import { findKnownClips, soundOf } from "./find-known.ts";
import { extendProvenance, NO_PROVENANCE, type KnownRecording, type Provenance } from "./provenance.ts";

const contentOf = ({ path }: AudioClip) => createHash("sha256").update(readFileSync(path)).digest("hex");

/**
 * Writes sounds to a folder and returns the provenance of a model trained on them. The folder is not needed afterwards.
 */
async function trainedOn(folder: string, files: Readonly<Record<string, Content>>): Promise<Provenance> {
  await writeSounds(folder, files);
  const { files: measured } = await measureFiles(clipsOf(folder, Object.keys(files)), {
    workers: 0,
    cacheFolder: join(folder, "features"),
  });
  const recordings = measured.map(({ path, content, measurement }) => ({
    content,
    path,
    role: path.includes("validation") ? ("validation" as const) : ("train" as const),
    sound: soundOf(measurement),
  }));
  return extendProvenance(NO_PROVENANCE, { data: folder, isListed: true }, recordings);
}

async function knownAmong(folder: string, files: Readonly<Record<string, Content>>, provenance: Provenance) {
  await writeSounds(folder, files);
  const clips = clipsOf(folder, Object.keys(files));
  const measuring = { workers: 0, cacheFolder: join(folder, "features") };
  const { known } = await findKnownClips({ clips, data: folder, contentOf }, provenance, measuring);
  return Object.fromEntries(known);
}

const song = music({ seed: 1, seconds: 12 });
const other = music({ seed: 2, seconds: 12 });
const drum = hit({ seed: 3, seconds: 0.4 });
const otherDrum = hit({ seed: 4, seconds: 0.4 });

it("knows a recording under another name, with other bytes, at another level and rate, and in part", async () => {
  const folder = await temporaryFolder();
  const heard = join(folder, "heard");
  const provenance = await trainedOn(heard, { "song.wav": song, "validation.wav": other });
  await copyInto(join(folder, "new"), join(heard, "song.wav"), "copy.wav");
  const found = await knownAmong(
    join(folder, "new"),
    {
      "deep.wav": { channels: [song], bitDepth: 24 },
      "quiet.wav": { channels: [scaled(song, 0.3)], bitDepth: 24 },
      "rate.wav": { channels: [song.filter((_, i) => i % 2 === 0)], sampleRate: RATE / 2 },
      "part.wav": song.subarray(4 * RATE, 10 * RATE),
      "chosen-by.wav": scaled(other, 0.5),
      "new.wav": music({ seed: 9, seconds: 12 }),
    },
    provenance,
  );
  expect(found).toEqual({
    "deep.wav": "train",
    "quiet.wav": "train",
    "rate.wav": "train",
    "part.wav": "train",
    "chosen-by.wav": "validation",
  });
  const renamed = clipsOf(join(folder, "new"), ["copy.wav"]);
  const byContent = await findKnownClips({ clips: renamed, data: "x", contentOf }, provenance, undefined);
  expect([...byContent.known]).toEqual([["copy.wav", "train"]]);
  expect(byContent.byContentAlone).toBe(2);
});

async function copyInto(folder: string, from: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await copyFile(from, join(folder, name));
}

it("knows recordings that are gone, and compares the samples of short ones that are there", async () => {
  const folder = await temporaryFolder();
  const heard = join(folder, "heard");
  const provenance = await trainedOn(heard, { "song.wav": song, "drum.wav": drum });
  const files = { "song.wav": scaled(song, 0.5), "drum.wav": scaled(drum, 0.5), "other.wav": otherDrum };
  const expected = { "song.wav": "train", "drum.wav": "train" };
  expect(await knownAmong(join(folder, "a"), files, provenance)).toEqual(expected);
  await rm(heard, { recursive: true });
  expect(await knownAmong(join(folder, "b"), files, provenance)).toMatchObject(expected);
});

it("measures what was never measured, as long as it is there", async () => {
  const folder = await temporaryFolder();
  const measured = await trainedOn(join(folder, "heard"), { "song.wav": song });
  const recordings = measured.recordings.map(({ content, path, role, source }): KnownRecording => ({
    content,
    path,
    role,
    source,
  }));
  const provenance = { ...measured, recordings };
  const files = { "quiet.wav": scaled(song, 0.3) };
  expect(await knownAmong(join(folder, "a"), files, provenance)).toEqual({ "quiet.wav": "train" });
  await rm(join(folder, "heard"), { recursive: true });
  const clips = clipsOf(join(folder, "a"), ["quiet.wav"]);
  const measuring = { workers: 0, cacheFolder: join(folder, "other features") };
  const found = await findKnownClips({ clips, data: "x", contentOf }, provenance, measuring);
  expect([found.known.size, found.byContentAlone]).toEqual([0, 1]);
});

it("knows the parts of a file that hold what it knows, and in the same data all of a group", async () => {
  const folder = await temporaryFolder();
  const provenance = await trainedOn(join(folder, "heard"), { "song.wav": song });
  const long = new Float32Array(24 * RATE);
  long.set(song);
  long.set(music({ seed: 8, seconds: 12 }), 12 * RATE);
  await writeSounds(join(folder, "new"), { "long.wav": long, "anna-2.wav": music({ seed: 7, seconds: 5 }) });
  const [whole, anna] = clipsOf(join(folder, "new"), ["long.wav", "anna-2.wav"]);
  const clips = [
    { ...whole, id: "begin", end: 11 },
    { ...whole, id: "end", start: 13, end: 24 },
    { ...anna, group: "Anna" },
  ];
  const grouped = {
    sources: [{ data: "singers", isListed: true }],
    recordings: provenance.recordings.map((recording) => ({ ...recording, group: "Anna" })),
  };
  const knownIn = async (data: string) => {
    const measuring = { workers: 0, cacheFolder: join(folder, "features") };
    const { known } = await findKnownClips({ clips, data, contentOf }, grouped, measuring);
    return [...known.keys()];
  };
  expect(await knownIn("singers")).toEqual(["anna-2.wav", "begin"]);
  expect(await knownIn("other singers")).toEqual(["begin"]);
});

it("knows what sounds like a clip that it knows by its content", async () => {
  const folder = await temporaryFolder();
  const heard = join(folder, "heard");
  const { sources, recordings } = await trainedOn(heard, { "song.wav": song });
  const provenance = {
    sources,
    recordings: recordings.map(({ content, role, source }) => ({ content, role, source })),
  };
  await copyInto(join(folder, "new"), join(heard, "song.wav"), "copy.wav");
  await writeSounds(join(folder, "new"), { "quiet.wav": scaled(song, 0.3) });
  const clips = clipsOf(join(folder, "new"), ["copy.wav", "quiet.wav"]);
  const measuring = { workers: 0, cacheFolder: join(folder, "features") };
  const { known } = await findKnownClips({ clips, data: "x", contentOf }, provenance, measuring);
  expect([...known]).toEqual([
    ["copy.wav", "train"],
    ["quiet.wav", "train"],
  ]);
});
