import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeNpz, type WritableArray } from "../../formats/npy/index.ts";
import { splitCollection } from "../collection/split/split-collection.ts";
import { mediumOf } from "../media.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { openImageCollection } from "./open.ts";

async function fileOf(arrays: Readonly<Record<string, WritableArray>>): Promise<string> {
  const path = join(await temporaryFolder(), "data.npz");
  await writeFile(path, writeNpz(Object.entries(arrays), { compress: true }));
  return path;
}

/** So many pictures of 2 × 3, the pixels of each its number and its place. */
function pictures(count: number, channels: readonly number[] = []): WritableArray {
  const shape = [count, 2, 3, ...channels];
  const size = shape.reduce((a, b) => a * b) / count;
  return {
    shape,
    data: Uint8Array.from({ length: count * size }, (_, i) => 16 * Math.floor(i / size) + (i % size)),
  };
}

const numbers = (...data: number[]): WritableArray => ({ shape: [data.length], data: Int32Array.from(data) });
const texts = (...data: string[]): WritableArray => ({ shape: [data.length], data });

describe("an .npz file of pictures", () => {
  it("has the parts that its arrays are named after, and classes by name", async () => {
    const path = await fileOf({
      train_images: pictures(3),
      train_labels: { shape: [3, 1], data: Uint8Array.of(0, 1, 2) },
      val_images: pictures(2),
      val_labels: numbers(1, 0),
      test_images: pictures(1),
      test_labels: numbers(2),
      class_names: texts("cat", "dog", "owl"),
      mean: numbers(1),
    });
    expect(await mediumOf(path)).toBe("archives");
    const collection = await openImageCollection(path);
    expect(collection.classNames).toEqual(["cat", "dog", "owl"]);
    expect(collection.notes).toContain("arrays left out: mean");
    const { train, validation, test } = splitCollection(collection);
    expect([train, validation, test].map((part) => part.map(({ label }) => label))).toEqual([
      [0, 1, 2],
      [1, 0],
      [2],
    ]);
  });

  it("gives its pixels and the labels that are texts", async () => {
    const collection = await openImageCollection(
      await fileOf({ images: pictures(4, [3]), labels: texts("b", "a", "b", "a") }),
    );
    expect(collection.classNames).toEqual(["a", "b"]);
    expect(collection.examples.map(({ label }) => label)).toEqual([1, 0, 1, 0]);
    const [archive] = collection.archives.values();
    const input = new Float32Array(18);
    await archive.read(Uint32Array.of(1), input, new Int32Array(1));
    expect(Array.from(input, (value) => Math.round(255 * value))).toEqual(
      Array.from({ length: 18 }, (_, i) => 16 + i),
    );
  });

  it.each<[string, (byte: number) => number, (numbers: readonly number[]) => WritableArray["data"]]>([
    ["whole numbers", (byte) => byte, (values) => Int32Array.from(values)],
    ["floats to 255", (byte) => byte, (values) => Float32Array.from(values)],
    ["floats to 1", (byte) => byte / 255, (values) => Float64Array.from(values)],
  ])("takes bytes as %s", async (_, from, made) => {
    const bytes = [0, 1, 77, 128, 254, 255];
    const path = await fileOf({ x: { shape: [2, 1, 3], data: made(bytes.map(from)) }, y: numbers(0, 1) });
    const [archive] = (await openImageCollection(path)).archives.values();
    const input = new Float32Array(6);
    await archive.read(Uint32Array.of(0, 1), input, new Int32Array(2));
    expect(Array.from(input, (value) => Math.round(255 * value))).toEqual(bytes);
  });

  it.each<[string, Readonly<Record<string, WritableArray>>, string]>([
    [
      "arrays of other names",
      { a: pictures(1), b: numbers(0) },
      "must be arrays called x_train and y_train; ",
    ],
    [
      "spectrograms",
      { x: { shape: [1, 2, 2], data: Float32Array.of(0, -80, -3.5, 0) }, y: numbers(0) },
      "or these divided by 255; got -80 at index 1 of float32",
    ],
    [
      "shares that are no bytes",
      { x: { shape: [1, 2, 2], data: Float32Array.of(0, 1, 0.5, 0) }, y: numbers(0) },
      "save pictures as uint8",
    ],
    [
      "numbers beyond a byte",
      { x: { shape: [1, 2, 2], data: Int32Array.of(0, 256, 1, 2) }, y: numbers(0) },
      "got 256 at index 1 of int32",
    ],
    [
      "values that are no numbers",
      { x: { shape: [1, 1, 2], data: Float32Array.of(0, Number.NaN) }, y: numbers(0) },
      "got NaN at index 1",
    ],
    [
      "waveforms, with what to do",
      { x: { shape: [2, 800], data: new Float32Array(1600) }, y: numbers(0, 1) },
      'got float32 of shape [2,800]: if its rows are the samples of sounds, the file must have their rate in an array "rate"',
    ],
    [
      "channels first",
      { x: { shape: [1, 3, 8, 8], data: new Uint8Array(192) }, y: numbers(0) },
      "channels last; got uint8 of shape [1,3,8,8]",
    ],
    [
      "labels one hot",
      { x: pictures(2), y: { shape: [2, 2], data: new Int32Array(4) } },
      "labels must have shape [N]; got [2,2]",
    ],
    ["labels below 0", { x: pictures(2), y: numbers(0, -1) }, "whole numbers from 0; got -1 at index 1"],
    [
      "labels that are numbers of something else",
      { x: pictures(2), y: numbers(0, 2e9) },
      "labels must be below",
    ],
    ["too few labels", { x: pictures(3), y: numbers(0, 1) }, "as many pictures as labels"],
    [
      "too few names",
      { x: pictures(2), y: numbers(0, 1), classes: texts("a") },
      "a name for each of 2 classes; got 1",
    ],
  ])("is refused with %s", async (_, arrays, message) => {
    await expect(openImageCollection(await fileOf(arrays))).rejects.toThrow(message);
  });
});
