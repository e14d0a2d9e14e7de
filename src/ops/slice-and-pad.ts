/** @file Cutting a part out of a tensor and surrounding a tensor with a number: each other's gradient. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { formatShape, normalizeAxis, sizeOf, stridesOf, type Shape } from "../tensor/shape.ts";
import { readStrided } from "./strided-reference.ts";
import { shownValue } from "../shown-value.ts";

export interface SliceParameters {
  /** First coordinate on each axis. */
  readonly begin: readonly number[];
  /** The result's shape. */
  readonly size: Shape;
}

function offsetOf(coordinates: readonly number[], shape: Shape): number {
  const strides = stridesOf(shape);
  return coordinates.reduce((sum, coordinate, axis) => sum + coordinate * strides[axis], 0);
}

function checkSlice(input: Shape, { begin, size }: SliceParameters): void {
  const fits =
    begin.length === input.length &&
    size.length === input.length &&
    input.every((length, axis) => {
      const [from, count] = [begin[axis], size[axis]];
      return (
        Number.isInteger(from) && Number.isInteger(count) && from >= 0 && count >= 1 && from + count <= length
      );
    });
  if (fits) return;
  throw new AuricleError(
    "shape",
    `slice: on each axis of ${formatShape(input)} begin must be a whole number from 0 and size at least 1, both together inside the axis; got begin ${shownValue(begin)}, size ${shownValue(size)}`,
  );
}

export const slicePrimitive: Primitive<SliceParameters> = defineOperation<SliceParameters>({
  name: "slice",
  shape: ([input], parameters) => {
    checkSlice(input.shape, parameters);
    return parameters.size;
  },
  dtype: ([input]) => input.dtype,
  structure: ([input], { begin }) => ({
    kind: "strided",
    strides: stridesOf(input.shape),
    offset: offsetOf(begin, input.shape),
  }),
  reference: ([array], { begin }, shape) =>
    readStrided(array, shape, stridesOf(array.shape), offsetOf(begin, array.shape)),
});

export const sliceCases: Cases<SliceParameters> = () => [
  { shapes: [[7]], parameters: { begin: [2], size: [4] } },
  { shapes: [[3, 9]], parameters: { begin: [1, 0], size: [2, 9] } },
  { shapes: [[4, 5]], parameters: { begin: [0, 4], size: [4, 1] } },
  { shapes: [[2, 5, 6, 3]], parameters: { begin: [1, 1, 2, 0], size: [1, 3, 4, 2] } },
  { shapes: [[2, 4, 17]], parameters: { begin: [0, 2, 5], size: [2, 1, 9] } },
  { shapes: [[1, 1]], parameters: { begin: [0, 0], size: [1, 1] } },
];

export interface PadParameters {
  /** [before, after] for each axis. */
  readonly padding: readonly (readonly [number, number])[];
  readonly value: number;
}

function paddedShape(input: Shape, { padding }: PadParameters): number[] {
  return input.map((length, axis) => length + padding[axis][0] + padding[axis][1]);
}

/** @throws AuricleError "argument" unless padding is [before, after], whole numbers from 0, for each axis. */
export function checkPadding(input: Shape, padding: PadParameters["padding"]): void {
  const isPair = (sides: unknown) =>
    Array.isArray(sides) &&
    sides.length === 2 &&
    sides.every((side: unknown) => typeof side === "number" && Number.isInteger(side) && side >= 0);
  if (Array.isArray(padding) && padding.length === input.length && padding.every(isPair)) return;
  throw new AuricleError(
    "argument",
    `pad: padding must be [before, after], whole numbers from 0, for each axis of ${formatShape(input)}; got ${shownValue(padding)}`,
  );
}

function checkPad(tensor: Tensor, { padding, value }: PadParameters): void {
  checkPadding(tensor.shape, padding);
  if (tensor.dtype === "int32" && (value | 0) !== value) {
    throw new AuricleError(
      "argument",
      `pad: value must be an int32 for an int32 tensor; got ${shownValue(value)}`,
    );
  }
}

export const padPrimitive: Primitive<PadParameters> = defineOperation<PadParameters>({
  name: "pad",
  shape: ([input], parameters) => {
    checkPad(input, parameters);
    return paddedShape(input.shape, parameters);
  },
  dtype: ([input]) => input.dtype,
  structure: (_, { padding, value }, shape) => ({
    kind: "assembled",
    offsets: [
      offsetOf(
        padding.map(([before]) => before),
        shape,
      ),
    ],
    fill: value,
  }),
  reference: ([array], { padding, value }, shape) => {
    const result = new Float64Array(sizeOf(shape)).fill(value);
    placeInto(
      result,
      shape,
      array.data,
      array.shape,
      padding.map(([before]) => before),
    );
    return result;
  },
});

export const padCases: Cases<PadParameters> = () => [
  { shapes: [[5]], parameters: { padding: [[2, 1]], value: 0 } },
  {
    shapes: [[3, 4]],
    parameters: {
      padding: [
        [1, 0],
        [0, 3],
      ],
      value: -1.5,
    },
  },
  {
    shapes: [[4, 1]],
    parameters: {
      padding: [
        [0, 0],
        [1, 1],
      ],
      value: 0,
    },
  },
  {
    shapes: [[1, 3]],
    parameters: {
      padding: [
        [2, 2],
        [0, 0],
      ],
      value: 7,
    },
  },
  {
    shapes: [[2, 3, 5, 6]],
    parameters: {
      padding: [
        [0, 0],
        [1, 2],
        [2, 1],
        [0, 0],
      ],
      value: 0,
    },
  },
  {
    shapes: [[2, 17, 3]],
    parameters: {
      padding: [
        [0, 1],
        [1, 0],
        [3, 2],
      ],
      value: 0.25,
    },
  },
];

/** Writes `part` into `whole` with its first element at the coordinates `begin`. */
export function placeInto(
  whole: Float64Array,
  wholeShape: Shape,
  part: Float64Array,
  partShape: Shape,
  begin: readonly number[],
): void {
  const strides = stridesOf(partShape);
  for (let i = 0; i < part.length; i++) {
    const coordinates = partShape.map(
      (length, axis) => (Math.floor(i / strides[axis]) % length) + begin[axis],
    );
    whole[offsetOf(coordinates, wholeShape)] = part[i];
  }
}

/**
 * The part of a tensor that starts at the coordinates `begin` and has the shape `size`; a size of -1 takes the rest
 * of an axis.
 * @throws AuricleError "shape" when it does not lie inside the tensor.
 */
export function slice(tensor: Tensor, begin: readonly number[], size: Shape): Tensor {
  const full = size.map((length, axis) => (length === -1 ? tensor.shape[axis] - begin[axis] : length));
  return slicePrimitive([tensor], { begin, size: full });
}

/**
 * Cuts an axis into parts of the given lengths, or into a number of equal parts.
 * @throws AuricleError "shape" unless the parts make up the whole axis.
 */
export function split(tensor: Tensor, parts: number | readonly number[], axis: number): Tensor[] {
  const along = normalizeAxis(axis, tensor.shape.length, "split");
  const length = tensor.shape[along];
  const sizes = typeof parts === "number" ? new Array<number>(parts).fill(length / parts) : parts;
  if (
    sizes.reduce((sum, size) => sum + size, 0) !== length ||
    sizes.some((size) => !Number.isInteger(size))
  ) {
    throw new AuricleError(
      "shape",
      `split: the parts must be whole numbers that add up to ${length}, the length of axis ${along} of ${formatShape(tensor.shape)}; got ${shownValue(parts)}`,
    );
  }
  let from = 0;
  return sizes.map((size) => {
    const begin = tensor.shape.map((_, i) => (i === along ? from : 0));
    from += size;
    return slice(
      tensor,
      begin,
      tensor.shape.map((all, i) => (i === along ? size : all)),
    );
  });
}
