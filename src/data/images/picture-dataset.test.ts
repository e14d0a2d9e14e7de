/** @file Data sets of pictures and their augmentation. */

import { describe, expect, it } from "vitest";
import type { Example } from "../collection/collection.ts";
import { Generator } from "../../random/generator.ts";
import { Arena } from "../../runtime/arena.ts";
import type { PictureAugmentationOptions } from "./augment/config.ts";
import { pictureDataset, type PictureDatasetOptions, type PixelSource } from "./picture-dataset.ts";

const [HEIGHT, WIDTH] = [6, 8];

function source(channels: 1 | 3, count = 5): { store: PixelSource; examples: Example[] } {
  const random = new Generator(3);
  const pixels = Array.from({ length: count }, () =>
    Uint8Array.from({ length: HEIGHT * WIDTH * channels }, () => random.integer(256)),
  );
  const examples = pixels.map((_, i) => ({
    ...{ id: `${i}.png`, path: `/${i}.png`, group: `${i}`, split: undefined, label: i % 2 },
    target: Float32Array.of(1 - (i % 2), i % 2),
  }));
  const store: PixelSource = {
    format: { width: WIDTH, height: HEIGHT, channels },
    has: ({ id }) => id !== "4.png",
    read: (example) => pixels[examples.findIndex(({ id }) => id === example.id)],
  };
  return { store, examples };
}

function readAll(options: PictureDatasetOptions, epoch = 0, channels: 1 | 3 = 3, indices = [0, 1, 2, 3]) {
  const { store, examples } = source(channels);
  const data = pictureDataset(store, examples, options);
  data.beginEpoch?.(epoch, Uint32Array.from(indices), 4);
  const inputs = new Float32Array(indices.length * HEIGHT * WIDTH * channels);
  const targets = new Float32Array(indices.length * 2);
  void data.read(indices, inputs, targets);
  return { data, inputs, targets };
}

const ALL: PictureAugmentationOptions = {
  horizontalFlip: true,
  verticalFlip: true,
  shift: 0.2,
  rotation: 20,
  zoom: [0.8, 1.2],
  crop: 0.6,
  brightness: 0.3,
  contrast: 0.3,
  saturation: 0.5,
  cutout: 0.5,
};

describe("pictureDataset", () => {
  it("has the bytes scaled to the range, and leaves out what the store has not", () => {
    const { data, inputs, targets } = readAll({});
    expect([data.length, [...data.inputShape]]).toEqual([4, [HEIGHT, WIDTH, 3]]);
    const { store, examples } = source(3);
    const bytes = store.read(examples[0]);
    expect(inputs[5]).toBe(Math.fround(bytes[5] / 255));
    expect([...targets]).toEqual([1, 0, 0, 1, 1, 0, 0, 1]);
    const signed = readAll({ range: [-1, 1] }).inputs;
    expect(signed[5]).toBeCloseTo((2 * bytes[5]) / 255 - 1, 6);
  });

  it("depends on seed, epoch and example alone", () => {
    const options = { augmentation: ALL, seed: 1 };
    const first = readAll(options).inputs;
    expect(readAll(options).inputs).toEqual(first);
    expect(readAll(options, 1).inputs).not.toEqual(first);
    expect(readAll({ ...options, seed: 2 }).inputs).not.toEqual(first);
    const size = first.length / 4;
    expect(readAll(options, 0, 3, [2]).inputs).toEqual(first.slice(2 * size, 3 * size));
    expect(first.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it("flips about half of the pictures, exactly", () => {
    const size = HEIGHT * WIDTH * 3;
    const plain = readAll({}).inputs;
    let flipped = 0;
    for (let epoch = 0; epoch < 20; epoch++) {
      const { inputs } = readAll({ augmentation: { horizontalFlip: true } }, epoch);
      for (let i = 0; i < 4; i++) {
        const picture = inputs.subarray(i * size, (i + 1) * size);
        const original = plain.subarray(i * size, (i + 1) * size);
        const mirrored = original.map((_, at) => {
          const [pixel, channel] = [Math.floor(at / 3), at % 3];
          const [row, column] = [Math.floor(pixel / WIDTH), pixel % WIDTH];
          return original[(row * WIDTH + WIDTH - 1 - column) * 3 + channel];
        });
        const isFlipped = picture[0] !== original[0];
        expect(picture).toEqual(isFlipped ? mirrored : original);
        flipped += Number(isFlipped);
      }
    }
    // 80 draws: 40 with a standard deviation of 4.5.
    expect(flipped).toBeGreaterThan(22);
    expect(flipped).toBeLessThan(58);
  });

  it("moves, turns and zooms: a constant picture stays, and colours keep their grey", () => {
    const { store, examples } = source(3);
    const constant = { ...store, read: () => new Uint8Array(HEIGHT * WIDTH * 3).fill(51) };
    const { shift, rotation, zoom, crop, cutout, contrast, saturation } = ALL;
    const augmentation = { shift, rotation, zoom, crop, cutout, contrast, saturation };
    const data = pictureDataset(constant, examples, { augmentation });
    const inputs = new Float32Array(HEIGHT * WIDTH * 3);
    void data.read([0], inputs, new Float32Array(2));
    // 51 / 255; float32's rounding.
    for (const value of inputs) expect(Math.abs(value - 0.2)).toBeLessThan(1e-6);
  });

  it("mixes pictures and targets with one share", () => {
    const plain = readAll({});
    const { inputs, targets } = readAll({ augmentation: { mixup: { alpha: 1 } } });
    const share = targets[0];
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
    const size = inputs.length / 4;
    // Example 0 has class 0, the next class 1.
    expect(inputs[7]).toBeCloseTo(share * plain.inputs[7] + (1 - share) * plain.inputs[size + 7], 5);
  });

  it("names an augmentation that is unknown or out of range", () => {
    const { store, examples } = source(3);
    const make = (augmentation: PictureAugmentationOptions) => () =>
      pictureDataset(store, examples, { augmentation });
    expect(make({ shift: 2 })).toThrow("shift must be above 0, at most 1; got 2");
    expect(make(JSON.parse('{"shft": 1}') as PictureAugmentationOptions)).toThrow("shft");
    expect(() => pictureDataset(store, examples.slice(4))).toThrow("no picture could be read");
  });
});

describe("in a network's memory", () => {
  const indices = [3, 0, 2, 3];
  const size = HEIGHT * WIDTH * 3;

  /** Reads a batch of each of two epochs into an arena's memory, from pixels that stay in memory or come anew each time. */
  function readInto(
    staysInMemory: boolean,
    options: PictureDatasetOptions,
    targetOf?: (i: number) => number[],
  ) {
    const { store, examples } = source(3);
    const all = Uint8Array.from(examples.flatMap((example) => [...store.read(example)]));
    const inMemory = ({ id }: Example) => all.subarray(parseInt(id) * size, (parseInt(id) + 1) * size);
    const given = examples.map((example, i) => ({
      ...example,
      ...(targetOf && { target: Float32Array.from(targetOf(i)) }),
    }));
    const data = pictureDataset({ ...store, ...(staysInMemory && { inMemory }) }, given, options);
    const arena = new Arena();
    const owner = {};
    const width = given[0].target.length;
    const [x, y] = [arena.allocate(16 * size, owner), arena.allocate(16 * width, owner)];
    return [0, 1].flatMap((epoch) => {
      // Before the first epoch begins, as for a look at some examples, too.
      if (epoch > 0) data.beginEpoch?.(epoch, Uint32Array.from(indices), 4);
      return [0, 1].map(() => {
        const [inputs, targets] = [arena.floats(x, 4 * size).fill(-1), arena.floats(y, 4 * width).fill(-1)];
        void data.read(indices, inputs, targets);
        return [...inputs, ...targets];
      });
    });
  }

  it.each<[string, PictureDatasetOptions, ((i: number) => number[])?]>([
    ["classes", {}],
    ["tags", {}, (i) => [1, i % 2, 0]],
    ["numbers", { range: [-1, 1] }, (i) => [i / 7]],
    ["each class equally often, augmented", { balanced: true, augmentation: ALL, seed: 3 }],
  ])("gives the same numbers as without: %s", (_, options, targetOf) => {
    const found = readInto(true, options, targetOf);
    expect(found).toEqual(readInto(false, options, targetOf));
    expect(new Set(found.map(String)).size).toBe(options.augmentation ? 2 : 1);
  });
});
