/** @file Operations that only move numbers: transpose, reverse, slice, pad, split, concat, stack and others. */
import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { floatArray, intArray } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { multiply } from "./arithmetic.ts";
import { concat, stack } from "./concat.ts";
import { expandDims, squeeze } from "./reshape-axes.ts";
import { repeat } from "./repeat.ts";
import { reverse } from "./reverse.ts";
import { pad } from "./pad.ts";
import { slice, split } from "./slice-and-pad.ts";
import { transpose } from "./transpose.ts";
import { exp } from "./exponential.ts";
import { gradients } from "./gradients.ts";
import { sum } from "./sum.ts";

/** 0, 1, 2 … in the given shape. */
function counting(shape: Shape, size: number) {
  return floatArray(
    Array.from({ length: size }, (_, i) => i),
    shape,
  );
}

describe.each([...KERNEL_TARGETS, "reference" as const])("moving numbers on %s", (target) => {
  it("transposes", () => {
    const run = compile((x) => [transpose(x), transpose(x, [1, 0, 2])], [[2, 3, 1]], { target });
    const [reversed, swapped] = run(counting([2, 3, 1], 6));
    expect(reversed.shape).toEqual([1, 3, 2]);
    expect([...reversed.data]).toEqual([0, 3, 1, 4, 2, 5]);
    expect(swapped.shape).toEqual([3, 2, 1]);
    expect([...swapped.data]).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it("reverses", () => {
    const run = compile((x) => [reverse(x, 1), reverse(x)], [[2, 3]], { target });
    const [rows, all] = run(counting([2, 3], 6));
    expect([...rows.data]).toEqual([2, 1, 0, 5, 4, 3]);
    expect([...all.data]).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it("repeats, and adds up the gradients of what was repeated", () => {
    const run = compile(
      (x) => {
        const repeated = repeat(x, [1, 3]);
        const [gradient] = gradients(sum(multiply(repeated, repeated)), [x]);
        return [repeated, repeat(x, [2, 1]), repeat(x, [2, 2]), gradient];
      },
      [[2, 2]],
      { target },
    );
    const [within, rows, both, gradient] = run(counting([2, 2], 4));
    expect(within.shape).toEqual([2, 6]);
    expect([...within.data]).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]);
    expect([...rows.data]).toEqual([0, 1, 0, 1, 2, 3, 2, 3]);
    expect([...both.data]).toEqual([0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]);
    // Three times d/dx x².
    expect([...gradient.data]).toEqual([0, 6, 12, 18]);
  });

  it("slices, also to the end of an axis, and splits", () => {
    const run = compile(
      (x) => [slice(x, [1, 1], [2, -1]), ...split(x, [1, 3], 1), ...split(x, 3, 0)],
      [[3, 4]],
      { target },
    );
    const [rest, left, right, first, second, third] = run(counting([3, 4], 12)).map(({ data }) => [...data]);
    expect(rest).toEqual([5, 6, 7, 9, 10, 11]);
    expect(left).toEqual([0, 4, 8]);
    expect(right).toEqual([1, 2, 3, 5, 6, 7, 9, 10, 11]);
    expect([first, second, third]).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ]);
  });

  it("pads", () => {
    const padding = [
      [1, 0],
      [0, 2],
    ] as const;
    const run = compile((x) => pad(x, padding, -1), [[2, 2]], { target });
    const result = run(floatArray([1, 2, 3, 4], [2, 2]));
    expect(result.shape).toEqual([3, 4]);
    expect([...result.data]).toEqual([-1, -1, -1, -1, 1, 2, -1, -1, 3, 4, -1, -1]);
  });

  it("joins along any axis, also what is computed on the way", () => {
    const run = compile(
      (a, b) => [concat([a, exp(b)], -1), stack([a, b]), stack([a, b], 2)],
      [
        [2, 2],
        [2, 2],
      ],
      {
        target,
      },
    );
    const [joined, first, last] = run(floatArray([1, 2, 3, 4], [2, 2]), floatArray([0, 0, 0, 0], [2, 2]));
    expect([...joined.data]).toEqual([1, 2, 1, 1, 3, 4, 1, 1]);
    expect(first.shape).toEqual([2, 2, 2]);
    expect([...first.data]).toEqual([1, 2, 3, 4, 0, 0, 0, 0]);
    expect([...last.data]).toEqual([1, 0, 2, 0, 3, 0, 4, 0]);
  });

  it("keeps int32 as it is, large numbers and padding too", () => {
    const spec = { shape: [2, 2], dtype: "int32" as const };
    const run = compile(
      (x) => [
        transpose(x),
        slice(x, [0, 1], [2, 1]),
        pad(
          x,
          [
            [0, 0],
            [1, 0],
          ],
          77,
        ),
        concat([x, x], 1),
      ],
      [spec],
      { target },
    );
    const large = 2 ** 31 - 1;
    const [turned, cut, padded, doubled] = run(intArray([1, large, -5, 3], [2, 2]));
    expect(turned.data).toEqual(Int32Array.of(1, -5, large, 3));
    expect(cut.data).toEqual(Int32Array.of(large, 3));
    expect(padded.data).toEqual(Int32Array.of(77, 1, large, 77, -5, 3));
    expect(doubled.data).toEqual(Int32Array.of(1, large, 1, large, -5, 3, -5, 3));
  });
});

describe("moving numbers", () => {
  it("adds and drops axes of length 1", () => {
    const shapes: Record<string, Shape> = {};
    compile(
      (x) => {
        shapes.first = expandDims(x, 0).shape;
        shapes.last = expandDims(x, -1).shape;
        shapes.all = squeeze(x).shape;
        shapes.one = squeeze(x, -2).shape;
        return x;
      },
      [[1, 3, 1, 2]],
    );
    expect(shapes).toEqual({ first: [1, 1, 3, 1, 2], last: [1, 3, 1, 2, 1], all: [3, 2], one: [1, 3, 2] });
  });

  it("names what is wrong", () => {
    const of = (fn: Parameters<typeof compile>[0], ...shapes: Shape[]) => compile(fn, shapes);
    expect(() => of((x) => transpose(x, [0, 0]), [2, 3])).toThrow(/transpose: .*\[2,3\].*got \[0,0\]/);
    expect(() => of((x) => slice(x, [2], [2]), [3])).toThrow(/slice: .*\[3\].*begin \[2\], size \[2\]/);
    expect(() => of((x) => split(x, 2, 0), [3])).toThrow(/split: .*add up to 3.*got 2/);
    expect(() => of((x) => pad(x, [[-1, 0]]), [3])).toThrow(/pad: .*got \[\[-1,0\]\]/);
    expect(() => of((x, y) => concat([x, y], 0), [2, 3], [2, 4])).toThrow(
      /concat: .*\[2,3\], float32 \[2,4\]/,
    );
    expect(() => of(() => concat([], 0), [1])).toThrow(/concat: needs at least one/);
    expect(() => of((x, y) => stack([x, y]), [2], [3])).toThrow(/stack: .*\[2\], \[3\]/);
    expect(() => of((x) => repeat(x, [2]), [1, 3])).toThrow(
      /repeat: repeats must be a whole number from 1 for each axis.*\[2\] for \[1,3\]/,
    );
    expect(() => of((x) => squeeze(x, 1), [1, 3])).toThrow(/squeeze: axis 1 must have length 1; got \[1,3\]/);
  });
});
