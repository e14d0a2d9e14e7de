import { describe, expect, it } from "vitest";
import { collapse } from "./strided.ts";

const collapsed = (
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  labels?: readonly boolean[],
) =>
  collapse(
    shape,
    strides.map((one) => ({ strides: one })),
    labels,
  );

describe("collapse", () => {
  it("makes one axis of what all operands walk as one", () => {
    expect(
      collapsed(
        [2, 3, 4],
        [
          [12, 4, 1],
          [12, 4, 1],
        ],
      ),
    ).toEqual({ shape: [24], strides: [[1], [1]], labels: [false] });
  });

  it("drops axes of length 1, whatever their strides", () => {
    expect(collapsed([1, 5, 1], [[99, 1, -7]])).toEqual({ shape: [5], strides: [[1]], labels: [false] });
    expect(collapsed([1, 1], [[3, 1]])).toEqual({ shape: [], strides: [[]], labels: [] });
    expect(collapsed([], [[]])).toEqual({ shape: [], strides: [[]], labels: [] });
  });

  it("keeps apart what one operand walks otherwise", () => {
    // Transposed.
    expect(
      collapsed(
        [3, 4],
        [
          [4, 1],
          [1, 3],
        ],
      ).shape,
    ).toEqual([3, 4]);
    // A gap after each row.
    expect(
      collapsed(
        [3, 4],
        [
          [4, 1],
          [5, 1],
        ],
      ).shape,
    ).toEqual([3, 4]);
    // A row repeated.
    expect(
      collapsed(
        [3, 4],
        [
          [4, 1],
          [0, 1],
        ],
      ).shape,
    ).toEqual([3, 4]);
  });

  it("joins axes along which an operand repeats", () => {
    expect(
      collapsed(
        [2, 3, 4],
        [
          [12, 4, 1],
          [0, 0, 1],
        ],
      ),
    ).toMatchObject({
      shape: [6, 4],
      strides: [
        [4, 1],
        [0, 1],
      ],
    });
    expect(
      collapsed(
        [2, 3, 4],
        [
          [12, 4, 1],
          [0, 0, 0],
        ],
      ),
    ).toMatchObject({ shape: [24], strides: [[1], [0]] });
  });

  it("joins axes walked backwards together", () => {
    expect(collapsed([3, 4], [[-4, -1]])).toMatchObject({ shape: [12], strides: [[-1]] });
  });

  it("never joins axes with different labels", () => {
    expect(collapsed([2, 3, 4], [[12, 4, 1]], [true, false, false])).toEqual({
      shape: [2, 12],
      strides: [[12, 1]],
      labels: [true, false],
    });
    // The axis of length 1 between two others does not part them.
    expect(collapsed([2, 1, 4], [[4, 4, 1]], [true, false, true]).shape).toEqual([8]);
  });
});
