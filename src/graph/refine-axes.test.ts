import { describe, expect, it } from "vitest";
import { canRefineTogether, refineAxes, type OperandPlace } from "./refine-axes.ts";

/** The element that an operand has at each point of a space, in order. */
function elements(shape: readonly number[], strides: readonly number[], offset: number): number[] {
  return shape.reduce(
    (places, length, axis) =>
      places.flatMap((place) => Array.from({ length }, (_, i) => place + i * strides[axis])),
    [offset],
  );
}

describe("an index space whose axes are taken apart", () => {
  // [4, 6], contiguous; each element of [2, 3] repeated twice along both axes; of [4, 1] six times along the second.
  const contiguous: OperandPlace = { source: "memory", strides: [6, 1], offset: 5 };
  const twice: OperandPlace = {
    source: "memory",
    strides: [3, 1],
    offset: 0,
    inner: { lengths: [2, 2], strides: [0, 0] },
  };
  const rows: OperandPlace = { ...twice, strides: [1, 1], inner: { lengths: [1, 6], strides: [0, 0] } };

  it("is the same space when no operand asks for it", () => {
    const { shape, operands, axesOf } = refineAxes([4, 6], [contiguous]);
    expect([shape, operands, axesOf(1)]).toEqual([[4, 6], [contiguous], [1]]);
  });

  it("has every operand's elements in the order they had", () => {
    const { shape, operands, axesOf } = refineAxes([4, 6], [contiguous, twice, rows]);
    expect(shape).toEqual([2, 2, 1, 3, 2]);
    expect([axesOf(0), axesOf(1)]).toEqual([
      [0, 1],
      [2, 3, 4],
    ]);
    const lists = operands.map(({ strides, offset }) => elements(shape, strides, offset));
    expect(lists[0]).toEqual(Array.from({ length: 24 }, (_, i) => i + 5));
    const repeated = [0, 0, 1, 1, 2, 2];
    const next = repeated.map((element) => element + 3);
    expect(lists[1]).toEqual([...repeated, ...repeated, ...next, ...next]);
    expect(lists[2]).toEqual([0, 1, 2, 3].flatMap((row) => new Array<number>(6).fill(row)));
  });

  it("is possible where one inner length divides the other", () => {
    const inner = (...lengths: number[]) => ({ lengths, strides: lengths.map(() => 0) });
    expect(canRefineTogether(inner(1, 2, 4), inner(3, 2, 2))).toBe(true);
    expect(canRefineTogether(inner(2, 2), inner(2, 3))).toBe(false);
  });
});
