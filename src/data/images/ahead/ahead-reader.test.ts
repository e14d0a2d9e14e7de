/** @file One reader's work in the calling thread. */

import { expect, it } from "vitest";
import { sizeOf } from "../../../tensor/shape.ts";
import type { Example } from "../../collection/collection.ts";
import { pictureDataset, type PictureDatasetOptions } from "../picture-dataset.ts";
import { scene } from "../testing/pictures.ts";
import { AheadReader } from "./ahead-reader.ts";
import { claim, GENERATION, madeWord, makeRing, placeOf, TAKEN, type SharedPictures } from "./ring.ts";

const FORMAT = { width: 9, height: 7, channels: 3 } as const;
const SIZE = 9 * 7 * 3;
const COUNT = 10;
const BATCH = 4;
const OPTIONS: PictureDatasetOptions = { seed: 2, augmentation: { shift: 0.3, mixup: { alpha: 0.5 } } };

const PIXELS = Array.from({ length: COUNT }, (_, i) => scene(i, 9, 7).data);

const EXAMPLES = PIXELS.map((_, i): Example => {
  const target = Float32Array.of(Number(i % 2 === 0), Number(i % 2 === 1));
  return { id: `${i}.png`, path: `/${i}.png`, target, label: i % 2, group: `${i}`, split: undefined };
});

/** The first pictures are in memory, the others in files. */
function shared(inMemory: number): SharedPictures {
  const buffer = new SharedArrayBuffer(inMemory * SIZE);
  PIXELS.slice(0, inMemory).forEach((pixels, i) => new Uint8Array(buffer).set(pixels, i * SIZE));
  return {
    format: FORMAT,
    ids: EXAMPLES.map(({ id }) => id),
    labels: Int32Array.from(EXAMPLES, ({ label }) => label),
    targets: Float32Array.from(EXAMPLES.flatMap(({ target }) => [...target])),
    buffers: [buffer],
    bufferOf: Int32Array.from(EXAMPLES, (_, i) => (i < inMemory ? 0 : -1)),
    offsets: Float64Array.from(EXAMPLES, (_, i) => i * SIZE),
    files: EXAMPLES.map((_, i) => (i < inMemory ? "" : `/cache/${i}.pixels`)),
  };
}

/** Returns what the data set gives for the examples at these places in an epoch. */
function expected(epoch: number, indices: Uint32Array): { inputs: Float32Array; targets: Float32Array } {
  const source = { format: FORMAT, has: () => true, read: ({ id }: Example) => PIXELS[parseInt(id)] };
  const dataset = pictureDataset(source, EXAMPLES, OPTIONS);
  dataset.beginEpoch?.(epoch, indices, BATCH);
  const inputs = new Float32Array(indices.length * sizeOf(dataset.inputShape));
  const targets = new Float32Array(indices.length * 2);
  void dataset.read(indices, inputs, targets);
  return { inputs, targets };
}

it("makes the batches of an epoch that nobody has claimed, from memory and from files, as the data set does", () => {
  const ring = makeRing(4, BATCH, SIZE, 2);
  const readFile = (path: string) => PIXELS[parseInt(path.slice("/cache/".length))];
  const data = { pictures: shared(6), options: OPTIONS, ring, reader: 0, readers: 1 };
  const reader = new AheadReader(data, readFile);
  // Four batches have gone before, and the training thread makes the second of this epoch by itself.
  const base = 4;
  Atomics.store(ring.control, TAKEN, base);
  Atomics.store(ring.control, GENERATION, 2);
  expect(claim(ring, base + 2)).toBe(true);
  const order = Uint32Array.from([9, 0, 3, 7, 1, 2, 5, 4, 6, 8]);
  reader.readEpoch({ generation: 2, epoch: 5, order, base });
  const made = [1, 2, 3].map((batch) => Atomics.load(ring.control, madeWord(ring, base + batch)));
  expect(made).toEqual([5, 0, 7]);
  for (const [batch, length] of [
    [0, 4],
    [2, 2],
  ]) {
    const { inputs, targets } = placeOf(ring, base + batch + 1);
    const wanted = expected(5, order.subarray(batch * BATCH, batch * BATCH + length));
    expect(inputs.subarray(0, length * SIZE)).toEqual(wanted.inputs);
    expect(targets.subarray(0, length * 2)).toEqual(wanted.targets);
  }
  // Each batch is claimed once.
  expect([5, 6, 7].map((ticket) => claim(ring, ticket))).toEqual([false, false, false]);
});

it("leaves an epoch that is no longer wanted, and names a picture whose pixels are gone", () => {
  const ring = makeRing(4, BATCH, SIZE, 2);
  const data = { pictures: shared(0), options: OPTIONS, ring, reader: 0, readers: 1 };
  const reader = new AheadReader(data, () => undefined);
  const order = Uint32Array.from(EXAMPLES.keys());
  Atomics.store(ring.control, GENERATION, 2);
  reader.readEpoch({ generation: 1, epoch: 0, order, base: 0 });
  expect(claim(ring, 1)).toBe(true);
  Atomics.store(ring.control, TAKEN, 4);
  const read = () => reader.readEpoch({ generation: 2, epoch: 1, order, base: 4 });
  expect(read).toThrow("0.png: its pixels in /cache/0.pixels are gone; prepare the pictures again");
});

it("makes its own batches alone where there are several readers", () => {
  const ring = makeRing(4, BATCH, SIZE, 2);
  const data = { pictures: shared(COUNT), options: OPTIONS, ring, reader: 1, readers: 2 };
  new AheadReader(data, () => undefined).readEpoch({
    generation: 0,
    epoch: 0,
    order: Uint32Array.from(EXAMPLES.keys()),
    base: 0,
  });
  expect([1, 2, 3].map((ticket) => Atomics.load(ring.control, madeWord(ring, ticket)))).toEqual([1, 0, 3]);
});
