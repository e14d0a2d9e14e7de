import { expect, it } from "vitest";
import { CLASS_NAMES, TESTS, TRAINING } from "./classes.ts";
import { drawnDigits, readFashion } from "./pictures.ts";

const LABELS = [9, 0, 0, 3, 0, 2, 7, 2, 5, 5];

/** An IDX file of bytes. */
function idx(shape: readonly number[], valueAt: (i: number) => number): Uint8Array {
  const count = shape.reduce((product, length) => product * length, 1);
  const bytes = new Uint8Array(4 + 4 * shape.length + count);
  bytes.set([0, 0, 8, shape.length]);
  shape.forEach((length, axis) => new DataView(bytes.buffer).setUint32(4 + 4 * axis, length));
  for (let i = 0; i < count; i++) bytes[bytes.length - count + i] = valueAt(i);
  return bytes;
}

/** As many as there must be at least: the parts are told by more than 10,000 in one of them. */
const [MANY, FEW] = [10_001, TESTS];
const files = () => [
  { name: "a.idx", bytes: idx([FEW, 28, 28], () => 255) },
  { name: "b.idx", bytes: idx([MANY], (i) => LABELS[i % 10]) },
  { name: "c.idx", bytes: idx([FEW], (i) => i % 10) },
  { name: "d.idx", bytes: idx([MANY, 28, 28], (i) => (i < 784 ? 51 : 0)) },
];

it("tells the four files apart by what they hold, and takes the first of each part", async () => {
  const { train, test } = await readFashion(files());
  expect([train.length, test.length]).toEqual([TRAINING, TESTS]);
  const [pixels, label] = [new Float32Array(784), new Int32Array(1)];
  await train.read([0], pixels, label);
  expect([pixels[0], label[0]]).toEqual([Math.fround(0.2), 9]);
  await test.read([3], pixels, label);
  expect([pixels[783], label[0]]).toEqual([1, 3]);
});

it("says which file is missing", async () => {
  await expect(readFashion(files().slice(0, 3))).rejects.toThrow("the pictures for training are missing");
  await expect(readFashion(files().slice(1))).rejects.toThrow("the pictures for test are missing");
});

it("names a file that is none of them", async () => {
  const other = { name: "cat.jpg", bytes: new Uint8Array([0xff, 0xd8, 0xff]) };
  await expect(readFashion([...files(), other])).rejects.toThrow("cat.jpg");
  const small = { name: "small.idx", bytes: idx([5, 8, 8], () => 0) };
  await expect(readFashion([small])).rejects.toThrow(
    "small.idx holds neither pictures of 28 × 28 nor labels",
  );
});

it("tells other data of the same form from Fashion-MNIST", async () => {
  const [images, , testLabels, trainImages] = files();
  const labels = { name: "mnist", bytes: idx([MANY], (i) => [5, 0, 4, 1, 9, 2, 1, 3, 1, 4][i % 10]) };
  await expect(readFashion([images, labels, testLabels, trainImages])).rejects.toThrow(
    "These are not the labels of Fashion-MNIST",
  );
});

it("draws digits once, and has ten names for the classes of both", () => {
  expect(drawnDigits()).toBe(drawnDigits());
  expect(Object.values(CLASS_NAMES).map(({ length }) => length)).toEqual([10, 10]);
});
