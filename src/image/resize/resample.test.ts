/** @file The kernels of resampling against plain loops: the same bytes, for pictures and parts of any size. */
import { describe, expect, it } from "vitest";
import type { Image } from "../image.ts";
import { plainResample } from "../testing/plain-resample.ts";
import { resample, type Span } from "./resample.ts";

/** Numbers below `limit` that look random, the same on every run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function pictureOf(next: (limit: number) => number, width: number, height: number, channels: 1 | 3): Image {
  // Half of them white and black, at which sums are largest and least.
  const isExtreme = next(2) === 0;
  const data = Uint8Array.from({ length: width * height * channels }, () =>
    isExtreme ? 255 * next(2) : next(256),
  );
  return { width, height, channels, data };
}

/** The whole axis, or a part of it with fractions of a pixel. */
function spanOf(next: (limit: number) => number, length: number): Span {
  const size = 1 + next(40);
  if (next(2) === 0) return { from: 0, to: length, size };
  const from = Math.fround((next(1000) / 2000) * length);
  return { from, to: Math.fround(from + length / 2), size };
}

describe("resample", () => {
  it("gives the bytes of plain loops for 200 random pictures and parts of them", () => {
    const next = numbers(1);
    for (let i = 0; i < 200; i++) {
      const [width, height] = [1 + next(70), 1 + next(70)];
      const image = pictureOf(next, width, height, next(2) === 0 ? 1 : 3);
      const [across, down] = [spanOf(next, width), spanOf(next, height)];
      expect(resample(image, across, down), JSON.stringify({ width, height, across, down })).toEqual(
        plainResample(image, across, down),
      );
    }
  });

  it.each([
    ["a row longer than a block", 60_000, 5],
    ["more rows than a block", 5, 60_000],
  ])("%s", (_, width, height) => {
    const image = pictureOf(numbers(2), width, height, 3);
    const [across, down] = [width, height].map((length) => ({
      from: 0,
      to: length,
      size: Math.min(7, length),
    }));
    expect(resample(image, across, down)).toEqual(plainResample(image, across, down));
  });

  it("keeps white white where an output has tens of thousands of taps", () => {
    const image = { width: 65_000, height: 1, channels: 1, data: new Uint8Array(65_000).fill(255) } as const;
    const [across, down] = [65_000, 1].map((to) => ({ from: 0, to, size: 1 }));
    expect([...resample(image, across, down)]).toEqual([...plainResample(image, across, down)]);
  });
});
