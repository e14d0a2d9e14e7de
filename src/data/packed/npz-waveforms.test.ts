import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { decodeAudio } from "../../audio/index.ts";
import { writeNpz, type WritableArray } from "../../formats/npy/index.ts";
import { ownCache } from "../../pretrained/testing/small-package.ts";
import { openAudioCollection } from "../audio/open.ts";
import { openImageCollection } from "../images/open.ts";
import { mediumOf } from "../media.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

type Arrays = Readonly<Record<string, WritableArray>>;

async function fileOf(arrays: Arrays): Promise<string> {
  const path = join(await temporaryFolder(), "data.npz");
  await writeFile(path, writeNpz(Object.entries(arrays)));
  return path;
}

const numbers = (...data: number[]): WritableArray => ({ shape: [data.length], data: Int32Array.from(data) });
const texts = (...data: string[]): WritableArray => ({ shape: [data.length], data });
const floats = (shape: readonly number[], at: (i: number) => number): WritableArray => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => at(i)),
});

const RATE = { shape: [], data: Int32Array.of(8000) };
const LABELS = numbers(0, 1);

/** The content of an .npz file with a rate, recording by recording. */
async function soundsOf(arrays: Arrays) {
  const path = await fileOf(arrays);
  expect(await mediumOf(path)).toBe("sound");
  const collection = await openAudioCollection(path);
  const audio = await Promise.all(
    collection.examples.map(async ({ path: file }) => decodeAudio(await readFile(file))),
  );
  const rates = audio.map(({ sampleRate }) => sampleRate);
  return {
    collection,
    rates,
    channels: audio.map((one) => one.channels.map((samples) => Array.from(samples))),
  };
}

beforeEach(async () => {
  await ownCache();
});

describe("an .npz file of sounds", () => {
  it("has the parts, classes and samples of its arrays", async () => {
    const { collection, rates, channels } = await soundsOf({
      x_train: floats([3, 16], (i) => i / 64),
      y_train: texts("low", "high", "low"),
      x_test: floats([1, 16], (i) => -i / 64),
      y_test: texts("high"),
      sample_rate: { shape: [1], data: Float64Array.of(16_000) },
      note: texts("x"),
    });
    expect(collection.name).toBe("data.npz");
    expect(collection.classNames).toEqual(["high", "low"]);
    expect(collection.notes).toContain("arrays left out: note");
    expect(collection.examples.map(({ id, label, split }) => [id, label, split])).toEqual([
      ["x_train/0.wav", 1, "train"],
      ["x_train/1.wav", 0, "train"],
      ["x_train/2.wav", 1, "train"],
      ["x_test/0.wav", 0, "test"],
    ]);
    expect(rates).toEqual([16_000, 16_000, 16_000, 16_000]);
    expect(channels[1]).toEqual([Array.from({ length: 16 }, (_, i) => (16 + i) / 64)]);
    expect(channels[3][0].map((value) => value + 0)).toEqual(
      Array.from({ length: 16 }, (_, i) => -i / 64 + 0),
    );
  });

  it.each<[string, readonly number[], (row: number, channel: number, i: number) => number]>([
    ["last", [2, 10, 2], (row, channel, i) => row * 20 + i * 2 + channel],
    ["first", [2, 2, 10], (row, channel, i) => row * 20 + channel * 10 + i],
  ])("has channels %s", async (_, shape, place) => {
    const { channels } = await soundsOf({ x: floats(shape, (i) => i / 64), y: LABELS, rate: RATE });
    const expected = [0, 1].map((row) =>
      [0, 1].map((channel) => Array.from({ length: 10 }, (__, i) => place(row, channel, i) / 64)),
    );
    expect(channels).toEqual(expected);
  });

  it.each<[string, WritableArray["data"], readonly number[]]>([
    ["16 bits", Int16Array.of(-32_768, -1, 0, 32_767), [-1, -(2 ** -15), 0, 1 - 2 ** -15]],
    ["32 bits", Int32Array.of(-(2 ** 31), 0, 2 ** 30, 2 ** 16), [-1, 0, 0.5, 2 ** -15]],
    ["double precision", Float64Array.of(-1, 0.25, 1.5, 0), [-1, 0.25, 1.5, 0]],
  ])("takes samples of %s as they are", async (_, data, expected) => {
    const { channels } = await soundsOf({ x: { shape: [2, 2], data }, y: LABELS, sr: RATE });
    expect(channels.flat(2)).toEqual(expected);
  });

  const sound = floats([2, 16], () => 0);
  it.each<[string, Arrays, string]>([
    [
      "either axis of few",
      { x: floats([2, 4, 4], () => 0), y: LABELS, rate: RATE },
      "of shape [2,4,4], where either axis could be the channels",
    ],
    [
      "spectrograms",
      { x: floats([2, 43, 232], () => 0), y: LABELS, rate: RATE },
      "spectrograms are not read",
    ],
    [
      "four axes",
      { x: floats([2, 9, 9, 1], () => 0), y: LABELS, rate: RATE },
      "sounds must have shape [N,samples]",
    ],
    [
      "no samples",
      { x: { shape: [2, 0], data: new Float32Array(0) }, y: LABELS, rate: RATE },
      "of shape [2,0]",
    ],
    [
      "bytes",
      { x: { shape: [2, 9], data: new Uint8Array(18) }, y: LABELS, rate: RATE },
      "samples must be int16, int32 or floats with full scale -1 … 1; got uint8",
    ],
    [
      "floats that were never divided",
      { x: floats([2, 9], (i) => 100 * i), y: LABELS, rate: RATE },
      "got 100 at index 1 of float32: save whole numbers as int16",
    ],
    [
      "what is no number",
      { x: floats([2, 9], () => Number.NaN), y: LABELS, rate: RATE },
      "got NaN at index 0",
    ],
    [
      "several rates",
      { x: sound, y: LABELS, rate: numbers(8000, 16_000) },
      "one whole number; got int32 of shape [2]",
    ],
    [
      "a rate that is none",
      { x: sound, y: LABELS, rate: { shape: [], data: Float64Array.of(0.5) } },
      "got 0.5",
    ],
    ["too few labels", { x: sound, y: numbers(0), rate: RATE }, "as many sounds as labels; got 2 and 1"],
    ["arrays of other names", { a: sound, y: LABELS, rate: RATE }, "sounds and labels must be arrays called"],
  ])("is refused with %s", async (_, arrays, message) => {
    await expect(openAudioCollection(await fileOf(arrays))).rejects.toThrow(message);
  });

  it("is refused where pictures are needed, and pictures where sounds are", async () => {
    await expect(openImageCollection(await fileOf({ x: sound, y: LABELS, rate: RATE }))).rejects.toThrow(
      "holds recordings, and images are needed here",
    );
    const pictures = { x: { shape: [2, 3, 3], data: new Uint8Array(18) }, y: LABELS };
    await expect(openAudioCollection(await fileOf(pictures))).rejects.toThrow(
      "holds images, and recordings are needed here",
    );
  });
});
