import { describe, expect, it } from "vitest";
import { collectionOf } from "../testing/collections.ts";
import type { AudioCollection } from "../collection.ts";
import type { FileToJudge } from "./find-problems.ts";
import type { Measurement } from "./measure/measurement.ts";
import { notesOf, summarizeCollection } from "./summarize.ts";
import { measurementOf } from "./testing/measurements.ts";

const RATE = 1000;

/** Each file of a collection, with its measurement. */
function judged({ clips }: AudioCollection, given: (index: number) => Partial<Measurement>): FileToJudge[] {
  const paths = [...new Set(clips.map(({ path }) => path))];
  return paths.map((path, index) => ({
    path,
    measurement: measurementOf({ sampleRate: RATE, ...given(index) }),
    clips: clips.filter((clip) => clip.path === path),
  }));
}

const three = collectionOf([
  { name: "a.wav", labels: ["x"], group: "anna" },
  { name: "b.wav", labels: ["y"], group: "anna" },
  { name: "c.wav", labels: ["x"], start: 1, end: 3.5 },
  { name: "c.wav", labels: ["x"], start: 3.5 },
]);

describe("a summary", () => {
  it("counts clips, files, groups and durations, by class too", () => {
    const files = judged(three, (i) => ({ frames: [2000, 4000, 9000][i] }));
    const summary = summarizeCollection(three, files);
    // Clips of 2, 4, 2.5 and 5.5 s.
    expect(summary).toMatchObject({
      clips: 4,
      files: 3,
      groups: 2,
      seconds: { total: 14, min: 2, median: 3.25, max: 5.5 },
      classes: [
        { name: "x", clips: 3, seconds: { total: 10, min: 2, median: 2.5, max: 5.5 } },
        { name: "y", clips: 1, seconds: { total: 4, min: 4, median: 4, max: 4 } },
      ],
      numbers: [],
    });
  });

  it("counts what files are made of, the most frequent first", () => {
    const files = judged(three, (i) => ({
      sampleRate: [8000, 44_100, 44_100][i],
      channels: i === 0 ? 2 : 1,
      codec: i === 0 ? "Vorbis" : "16-bit PCM",
      format: i === 0 ? "ogg" : "wav",
      bitDepth: i === 0 ? null : 16,
    }));
    expect(summarizeCollection(three, files)).toMatchObject({
      sampleRates: [
        { value: 44_100, files: 2 },
        { value: 8000, files: 1 },
      ],
      channels: [
        { value: 1, files: 2 },
        { value: 2, files: 1 },
      ],
      formats: [
        { value: "wav, 16-bit PCM", files: 2 },
        { value: "ogg, Vorbis", files: 1 },
      ],
      bitDepths: [
        { value: 16, files: 2 },
        { value: null, files: 1 },
      ],
    });
  });

  it("has the tags of a tagging and the numbers of a regression", () => {
    const tagged = collectionOf(
      [{ labels: ["loud", "fast"] }, { labels: ["fast"] }, { labels: [] }],
      "tagging",
    );
    const tags = summarizeCollection(
      tagged,
      judged(tagged, () => ({})),
    );
    expect(tags.classes.map(({ name, clips }) => [name, clips])).toEqual([
      ["fast", 2],
      ["loud", 1],
    ]);
    const measured = collectionOf([{ numbers: [1, 10] }, { numbers: [4, -10] }], "regression");
    expect(
      summarizeCollection(
        measured,
        judged(measured, () => ({})),
      ),
    ).toMatchObject({
      classes: [],
      numbers: [
        { name: "n0", min: 1, mean: 2.5, max: 4 },
        { name: "n1", min: -10, mean: 0, max: 10 },
      ],
    });
  });

  it("of nothing has no durations", () => {
    expect(summarizeCollection(three, [])).toMatchObject({
      clips: 0,
      seconds: { total: 0, min: 0, median: 0, max: 0 },
    });
  });
});

describe("notes", () => {
  const many = collectionOf(Array.from({ length: 40 }, (_, i) => ({ labels: [i % 2 === 0 ? "x" : "y"] })));
  const notes = (collection: AudioCollection, given: (index: number) => Partial<Measurement>) => {
    const files = judged(collection, given);
    return notesOf(collection, summarizeCollection(collection, files), files);
  };

  it("are those of the collection, and none where all files are alike", () => {
    expect(notes(many, () => ({}))).toEqual([]);
    expect(notes({ ...many, notes: ["Something"] }, () => ({}))).toEqual(["Something"]);
  });

  it("name rates and channels that differ", () => {
    expect(notes(many, (i) => ({ sampleRate: i < 30 ? 22_050 : 44_100, channels: i < 30 ? 1 : 2 }))).toEqual([
      "Sample rates differ (22,050 Hz: 30, 44,100 Hz: 10): all recordings are resampled to the model's rate",
      "Numbers of channels differ (mono: 30, stereo: 10): all recordings are mixed to mono",
    ]);
  });

  it("tell when files give their class away", () => {
    // All of y are mp3, and five of x: it would be right for 20 and 15 of 40.
    const given = notes(many, (i) => ({ format: i % 2 === 1 || i < 10 ? "mp3" : "wav" }));
    expect(given).toEqual([
      "The encoding alone predicts the class of 88 % of the clips, against 50 % by guessing: a model may learn how " +
        "the recordings were made instead of how they sound",
    ]);
    expect(notes(many, (i) => ({ format: i < 20 ? "mp3" : "wav" }))).toEqual([]);
  });

  it("tell when classes differ in size", () => {
    const uneven = collectionOf(Array.from({ length: 8 }, (_, i) => ({ labels: [i < 6 ? "big" : "small"] })));
    expect(notes(uneven, () => ({}))).toEqual([
      'Classes differ in size: "big" has 6 clips, "small" 2; see the option --balance of training',
    ]);
  });
});
