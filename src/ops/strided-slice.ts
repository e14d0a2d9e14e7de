/** @file Slices with steps, also backwards: every second element, the last ones, the order turned round. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { formatShape, stridesOf, type Shape } from "../tensor/shape.ts";
import { slice } from "./slice-and-pad.ts";
import { readStrided } from "./strided-reference.ts";
import { shownValue } from "../shown-value.ts";

export interface StridedSliceParameters {
  /** The first element's coordinates; not negative. */
  readonly begin: readonly number[];
  /** From one element of the result to the next; not 0, negative to go backwards. */
  readonly steps: readonly number[];
  /** The result's shape. */
  readonly size: Shape;
}

function placeOf(shape: Shape, { begin, steps }: StridedSliceParameters) {
  const strides = stridesOf(shape);
  return {
    strides: strides.map((stride, axis) => stride * steps[axis]),
    offset: begin.reduce((sum, first, axis) => sum + first * strides[axis], 0),
  };
}

export const stridedSlicePrimitive: Primitive<StridedSliceParameters> =
  defineOperation<StridedSliceParameters>({
    name: "stridedSlice",
    shape: (_, { size }) => size,
    dtype: ([input]) => input.dtype,
    structure: ([input], parameters) => ({ kind: "strided", ...placeOf(input.shape, parameters) }),
    reference: ([array], parameters, shape) => {
      const { strides, offset } = placeOf(array.shape, parameters);
      return readStrided(array, shape, strides, offset);
    },
  });

export const stridedSliceCases: Cases<StridedSliceParameters> = () => [
  { shapes: [[7]], parameters: { begin: [1], steps: [2], size: [3] } },
  { shapes: [[3, 10]], parameters: { begin: [2, 9], steps: [-1, -4], size: [3, 3] } },
  { shapes: [[2, 5, 40]], parameters: { begin: [0, 0, 3], steps: [1, 3, 2], size: [2, 2, 18] } },
  { shapes: [[2, 9, 3]], parameters: { begin: [1, 8, 0], steps: [5, -2, 1], size: [1, 4, 3] } },
  { shapes: [[1]], parameters: { begin: [0], steps: [7], size: [1] } },
];

/** Where a slice begins or ends on each axis: a coordinate, from the end where it is negative, or null for all that there is. */
export type SliceBounds = readonly (number | null)[];

/**
 * Elements begin, begin + step, … before end along each axis, as NumPy's `x[begin:end:step]`: negative coordinates count from
 * the end, those beyond an end of the axis stand for that end, and null for where a slice of that direction naturally begins
 * or ends. Axes that the lists do not reach are taken whole.
 *
 * @param steps from one element to the next, negative to go backwards; default 1
 * @throws AuricleError "argument" for a value that is no whole number, a step of 0 or more entries than axes; "shape" when no element
 *   is left on an axis.
 *
 * @example
 * stridedSlice(x, [0, null], [null, null], [2, -1]); // every second row, each from right to left
 */
export function stridedSlice(
  x: Tensor,
  begin: SliceBounds,
  end: SliceBounds,
  steps: readonly number[] = [],
): Tensor {
  checkLists(x, begin, end, steps);
  const ranges = x.shape.map((length, axis) =>
    rangeOf(length, begin[axis] ?? null, end[axis] ?? null, steps[axis] ?? 1),
  );
  const size = ranges.map(({ count }) => count);
  if (size.includes(0)) {
    throw new AuricleError(
      "shape",
      `stridedSlice: at least one element must be left on each axis of ${formatShape(x.shape)}; got begin ${shownValue(begin)}, end ${shownValue(end)}, steps ${shownValue(steps)}, which leave ${formatShape(size)}`,
    );
  }
  const first = ranges.map(({ from }) => from);
  if (ranges.every(({ step, count }) => step === 1 || count === 1)) return slice(x, first, size);
  return stridedSlicePrimitive([x], { begin: first, steps: ranges.map(({ step }) => step), size });
}

/** As Python's `slice.indices`. */
function rangeOf(length: number, begin: number | null, end: number | null, step: number) {
  const [lowest, highest] = step > 0 ? [0, length] : [-1, length - 1];
  const clamped = (bound: number) => Math.min(Math.max(bound < 0 ? bound + length : bound, lowest), highest);
  const from = begin === null ? (step > 0 ? lowest : highest) : clamped(begin);
  const to = end === null ? (step > 0 ? highest : lowest) : clamped(end);
  return { from, step, count: Math.max(0, Math.ceil((to - from) / step)) };
}

function checkLists(x: Tensor, begin: SliceBounds, end: SliceBounds, steps: readonly number[]): void {
  const wrong = (what: string, got: unknown) =>
    new AuricleError("argument", `stridedSlice: ${what}; got ${shownValue(got)}`);
  for (const [name, list] of Object.entries({ begin, end, steps })) {
    if (list.length > x.shape.length) {
      throw wrong(`${name} must have at most one entry for each axis of ${formatShape(x.shape)}`, list);
    }
  }
  for (const [name, list] of Object.entries({ begin, end })) {
    if (list.every((bound) => bound === null || Number.isInteger(bound))) continue;
    throw wrong(`${name} must be whole numbers, or null for all that there is`, list);
  }
  if (steps.some((step) => !Number.isInteger(step) || step === 0)) {
    throw wrong("steps must be whole numbers other than 0", steps);
  }
}
