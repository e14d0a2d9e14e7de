/** @file Repetition along axes, of elements or of the whole: both read the tensor with an inner axis, on which nothing moves. */
import { AuricleError } from "../errors.ts";
import type { Cases } from "../graph/case.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { InnerAxes, Tensor } from "../graph/tensor.ts";
import { formatShape, stridesOf, type Shape } from "../tensor/shape.ts";
import { readStrided } from "./strided-reference.ts";
import { isCount } from "./window.ts";
import { shownValue } from "../shown-value.ts";

export interface RepetitionParameters {
  /** The number of copies along each axis. */
  readonly repeats: readonly number[];
}

/** The reads of a repeated tensor: each axis of the result is an outer and an inner one. */
interface RepeatedReads {
  readonly strides: number[];
  readonly inner: InnerAxes;
}

const READS = {
  /** The copies are the inner axis: `[a, a, b, b]`. */
  elements: (shape: Shape, repeats: readonly number[]): RepeatedReads => ({
    strides: stridesOf(shape),
    inner: { lengths: repeats, strides: repeats.map(() => 0) },
  }),
  /** The tensor is the inner axis: `[a, b, a, b]`. */
  whole: (shape: Shape): RepeatedReads => ({
    strides: shape.map(() => 0),
    inner: { lengths: shape.map((length) => Math.max(length, 1)), strides: stridesOf(shape) },
  }),
};

/** Defines the repetition of each element, or of the whole tensor, along every axis. */
/*@__NO_SIDE_EFFECTS__*/
export function defineRepetition(name: string, of: keyof typeof READS): Primitive<RepetitionParameters> {
  return defineOperation<RepetitionParameters>({
    name,
    shape: ([input], { repeats }) => {
      if (repeats.length !== input.shape.length || !repeats.every(isCount)) {
        throw new AuricleError(
          "argument",
          `${name}: repeats must be a whole number from 1 for each axis; got ${shownValue(repeats)} for ${formatShape(input.shape)}`,
        );
      }
      return input.shape.map((length, axis) => length * repeats[axis]);
    },
    dtype: ([input]) => input.dtype,
    structure: ([input], { repeats }) => ({ kind: "strided", offset: 0, ...READS[of](input.shape, repeats) }),
    reference: ([array], { repeats }, shape) => {
      const { strides, inner } = READS[of](array.shape, repeats);
      return readStrided(array, shape, strides, 0, inner);
    },
  });
}

export const repetitionCases: Cases<RepetitionParameters> = () => [
  { shapes: [[3]], parameters: { repeats: [2] } },
  { shapes: [[2, 3, 5]], parameters: { repeats: [1, 4, 1] } },
  { shapes: [[2, 3, 4, 17]], parameters: { repeats: [1, 2, 3, 2] } },
  { shapes: [[2, 3, 4, 17]], parameters: { repeats: [1, 2, 3, 1] } },
  { shapes: [[3, 1, 2]], parameters: { repeats: [2, 5, 3] } },
  { shapes: [[3, 1, 2]], parameters: { repeats: [1, 1, 3] } },
  { shapes: [[2, 2]], parameters: { repeats: [1, 1] } },
];

/** The repeated tensor; the tensor itself where nothing is repeated. */
export function repeated(
  primitive: Primitive<RepetitionParameters>,
  tensor: Tensor,
  repeats: readonly number[],
): Tensor {
  const isSame = repeats.every((count) => count === 1) && repeats.length === tensor.shape.length;
  return isSame ? tensor : primitive([tensor], { repeats });
}
