import { AuricleError } from "../errors.ts";
import { defineOperation } from "../graph/define.ts";
import type { InnerAxes, Tensor } from "../graph/tensor.ts";
import { formatShape, stridesOf, type Shape } from "../tensor/shape.ts";
import { reshape } from "./reshape.ts";
import { readStrided } from "./strided-reference.ts";
import { sum } from "./sum.ts";

export interface RepeatParameters {
  /** How often each element is repeated, for each axis. */
  readonly repeats: readonly number[];
}

/** Along each axis the repetitions are an inner axis on which nothing moves. */
function repetitions({ repeats }: RepeatParameters): InnerAxes {
  return { lengths: repeats, strides: repeats.map(() => 0) };
}

export const repeatPrimitive = defineOperation<RepeatParameters>({
  name: "repeat",
  shape: ([input], { repeats }) => {
    const isCounts = repeats.every((count) => Number.isInteger(count) && count >= 1);
    if (repeats.length !== input.shape.length || !isCounts) {
      throw new AuricleError(
        "argument",
        `repeat: one whole number from 1 for each axis; got ${JSON.stringify(repeats)} for ${formatShape(input.shape)}`,
      );
    }
    return input.shape.map((length, axis) => length * repeats[axis]);
  },
  dtype: ([input]) => input.dtype,
  structure: ([input], parameters) => ({
    kind: "strided",
    strides: stridesOf(input.shape),
    offset: 0,
    inner: repetitions(parameters),
  }),
  reference: ([array], parameters, shape) =>
    readStrided(array, shape, stridesOf(array.shape), 0, repetitions(parameters)),
  gradient: (gradient, [input], { repeats }) => {
    const parts: Shape = input.shape.flatMap((length, axis) => [length, repeats[axis]]);
    return [
      sum(
        reshape(gradient, parts),
        repeats.map((_, axis) => 2 * axis + 1),
      ),
    ];
  },
  cases: [
    { shapes: [[3]], parameters: { repeats: [2] } },
    { shapes: [[2, 3, 5]], parameters: { repeats: [1, 4, 1] } },
    { shapes: [[2, 3, 4, 17]], parameters: { repeats: [1, 2, 3, 1] } },
    { shapes: [[3, 1, 2]], parameters: { repeats: [1, 1, 3] } },
    { shapes: [[2, 2]], parameters: { repeats: [1, 1] } },
  ],
});

/**
 * Each element several times in a row along the axes, NumPy's `repeat`: `[a, b]` twice is `[a, a, b, b]`. Takes no memory
 * where it is used in element-by-element arithmetic or a reduction.
 * @param repeats how often, for each axis
 * @throws AuricleError "argument" unless they are whole numbers from 1, one for each axis.
 */
export function repeat(tensor: Tensor, repeats: readonly number[]): Tensor {
  return repeats.every((count) => count === 1) && repeats.length === tensor.shape.length
    ? tensor
    : repeatPrimitive([tensor], { repeats });
}
