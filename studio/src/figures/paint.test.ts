import { describe, expect, it } from "vitest";
import { MAGMA_COLORS } from "auricle/design";
import { colorOf, pixelsOf } from "./paint.ts";

describe("pixels of a matrix", () => {
  const colors = [
    [0, 1, 2],
    [10, 11, 12],
    [20, 21, 22],
  ] as const;
  const rgba = (index: number) => [...colors[index], 255];

  it("have the colours of their values, beyond the range those of its ends", () => {
    const pixels = pixelsOf([-5, 0, 1, 9], { rows: 2, columns: 2 }, [0, 2], colors);
    expect([...pixels]).toEqual([0, 0, 1, 2].flatMap(rgba));
  });

  it("take one channel, the first row at the bottom where it is upward", () => {
    const values = [0, 7, 1, 7, 2, 7];
    const view = { rows: 3, columns: 1, stride: 2, offset: 0, isUpward: true };
    expect([...pixelsOf(values, view, [0, 2], colors)]).toEqual([2, 1, 0].flatMap(rgba));
  });

  it("are transparent where there is no number", () => {
    expect([...pixelsOf([Number.NaN, 2], { rows: 1, columns: 3 }, [0, 2], colors)]).toEqual([
      0,
      0,
      0,
      0,
      ...rgba(2),
      0,
      0,
      0,
      0,
    ]);
  });

  it("are those of single values", () => {
    const values = Array.from({ length: 200 }, (_, i) => i / 40 - 1);
    const pixels = pixelsOf(values, { rows: 1, columns: 200 }, [-0.7, 3.3], MAGMA_COLORS);
    values.forEach((value, i) => {
      expect([...pixels.subarray(4 * i, 4 * i + 3)]).toEqual(colorOf(value, [-0.7, 3.3], MAGMA_COLORS));
    });
  });
});
