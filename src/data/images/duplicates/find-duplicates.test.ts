/** @file Pictures that show the same: which changes are found, and which pictures are not taken for the same. */

import { describe, expect, it } from "vitest";
import type { Image } from "../../../image/image.ts";
import { resizeImage } from "../../../image/resize/resize-image.ts";
import { Generator } from "../../../random/generator.ts";
import { scene } from "../testing/pictures.ts";
import { BitIndex, distance, MOST_DIFFERENT } from "./bit-index.ts";
import { findPictureDuplicates, type ComparedPicture } from "./find-duplicates.ts";
import { fingerprintOf } from "./fingerprint.ts";

function mapped(image: Image, change: (value: number) => number): Image {
  return {
    ...image,
    data: Uint8Array.from(image.data, (value) => Math.max(0, Math.min(255, change(value)))),
  };
}

/** Without a share of the width and height on each side. */
function cropped(image: Image, share: number): Image {
  const [left, top] = [Math.round(image.width * share), Math.round(image.height * share)];
  const [width, height] = [image.width - 2 * left, image.height - 2 * top];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const start = ((y + top) * image.width + left) * 3;
    data.set(image.data.subarray(start, start + width * 3), y * width * 3);
  }
  return { width, height, channels: 3, data };
}

function compared(id: string, image: Image): ComparedPicture {
  return { id, content: `${id}'s file`, pixelsHash: `${id}'s pixels`, fingerprint: fingerprintOf(image) };
}

const original = scene(1, 160, 120);
const noise = new Generator(9);

const CHANGES: Readonly<Record<string, Image>> = {
  "half the size": resizeImage(original, { width: 80, height: 60 }),
  "twice the size": resizeImage(original, { width: 320, height: 240 }),
  "a quarter of the size, another shape": resizeImage(original, { width: 40, height: 27, fit: "stretch" }),
  noise: mapped(original, (value) => value + 16 * (noise.uniform() - 0.5)),
  "brighter by 30 %": mapped(original, (value) => 1.3 * value),
  "darker by 30 %": mapped(original, (value) => 0.7 * value),
  "less contrast": mapped(original, (value) => 128 + 0.6 * (value - 128)),
  "another gamma": mapped(original, (value) => 255 * (value / 255) ** 1.5),
  grey: resizeImage(original, { width: 160, height: 120, channels: 1 }),
  "cropped by 2 % on each side": cropped(original, 0.02),
};

describe("findPictureDuplicates", () => {
  it.each(Object.entries(CHANGES))("finds a copy: %s", async (_, copy) => {
    const others = [2, 3, 4].map((seed) => compared(`other ${seed}`, scene(seed, 160, 120)));
    const pairs = await findPictureDuplicates([compared("a", original), ...others, compared("b", copy)]);
    expect(pairs).toEqual([{ a: "a", b: "b", kind: "picture", similarity: expect.any(Number) as number }]);
    expect(pairs[0].similarity).toBeGreaterThan(0.95);
  });

  it("takes no two of 300 pictures for the same, and no negative or mirrored one", async () => {
    const scenes = Array.from({ length: 300 }, (_, seed) => compared(`${seed}`, scene(seed + 10, 64, 48)));
    const mirrored = { ...original, data: original.data.slice().reverse() };
    const others = [original, mapped(original, (value) => 255 - value), mirrored];
    expect(
      await findPictureDuplicates([...scenes, ...others.map((image, i) => compared(`other ${i}`, image))]),
    ).toEqual([]);
  });

  it("pairs copies of a file and of its pixels with the first, and names each pair once", async () => {
    const a = compared("a", original);
    const pairs = await findPictureDuplicates([
      a,
      { ...a, id: "same file" },
      { ...a, id: "same pixels", content: "another" },
      compared("smaller", CHANGES["half the size"]),
      compared("smallest", resizeImage(original, { width: 40, height: 30 })),
    ]);
    expect(pairs.map(({ a: first, b, kind }) => [first, b, kind])).toEqual([
      ["a", "same file", "file"],
      ["a", "same pixels", "pixels"],
      ["a", "smaller", "picture"],
      ["a", "smallest", "picture"],
    ]);
  });

  it("compares pictures of one colour, and those without a fingerprint, by their content alone", async () => {
    const plain = (value: number) => ({
      ...original,
      data: new Uint8Array(original.data.length).fill(value),
    });
    const exact = { ...compared("exact", original), fingerprint: undefined };
    const pictures = [
      compared("white", plain(255)),
      compared("grey", plain(128)),
      compared("a", original),
      exact,
    ];
    expect(await findPictureDuplicates(pictures)).toEqual([]);
    const copy = { ...compared("white again", plain(255)), content: "white's file" };
    expect(await findPictureDuplicates([...pictures, copy])).toMatchObject([
      { a: "white", b: "white again" },
    ]);
  });

  it("stops when it is told to", async () => {
    const stopped = AbortSignal.abort(new Error("enough"));
    await expect(findPictureDuplicates([compared("a", original)], stopped)).rejects.toThrow("enough");
  });
});

it.each([
  [320, 240],
  [321, 240],
  [130, 400],
])("the fingerprint of %i × %i pixels is the same wherever their bytes lie in memory", (width, height) => {
  const image = scene(5, width, height);
  const shifted = new Uint8Array(image.data.length + 1).subarray(1);
  shifted.set(image.data);
  expect(fingerprintOf({ ...image, data: shifted })).toEqual(fingerprintOf(image));
});

describe("BitIndex", () => {
  it("finds exactly those within the distance, as comparing all does", () => {
    const random = new Generator(3);
    const word = () => random.integer(2 ** 16) | (random.integer(2 ** 16) << 16);
    const centre = [word(), word()] as const;
    const all = Array.from({ length: 400 }, () => {
      const words: [number, number] = [...centre];
      for (let flips = random.integer(24); flips > 0; flips--) {
        const bit = random.integer(64);
        words[bit >> 5] ^= 1 << (bit & 31);
      }
      return words;
    });
    const index = new BitIndex();
    let found = 0;
    all.forEach((words, i) => {
      const near = all
        .slice(0, i)
        .flatMap((other, j) => (distance(other, words) <= MOST_DIFFERENT ? [j] : []));
      found += near.length;
      expect(index.findAndAdd(words)).toEqual(near);
    });
    expect(found).toBeGreaterThan(1000);
  });
});
