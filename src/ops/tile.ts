import { AuricleError } from "../errors.ts";
import { defineOperation } from "../graph/define.ts";
import type { InnerAxes, Tensor } from "../graph/tensor.ts";
import { formatShape, stridesOf, type Shape } from "../tensor/shape.ts";
import { reshape } from "./reshape.ts";
import { readStrided } from "./strided-reference.ts";
import { sum } from "./sum.ts";
import { isCount } from "./window.ts";

export interface TileParameters {
  /** How many copies lie side by side, for each axis. */
  readonly repeats: readonly number[];
}

/** Along each axis the tensor is an inner axis, and nothing moves from copy to copy. */
function copies(shape: Shape): { strides: number[]; inner: InnerAxes } {
  return {
    strides: shape.map(() => 0),
    inner: { lengths: shape.map((length) => Math.max(length, 1)), strides: stridesOf(shape) },
  };
}

export const tilePrimitive = defineOperation<TileParameters>({
  name: "tile",
  shape: ([input], { repeats }) => {
    if (repeats.length !== input.shape.length || !repeats.every(isCount)) {
      throw new AuricleError(
        "argument",
        `tile: repeats must be a whole number from 1 for each axis; got ${JSON.stringify(repeats)} for ${formatShape(input.shape)}`,
      );
    }
    return input.shape.map((length, axis) => length * repeats[axis]);
  },
  dtype: ([input]) => input.dtype,
  structure: ([input]) => ({ kind: "strided", offset: 0, ...copies(input.shape) }),
  reference: ([array], _, shape) => {
    const { strides, inner } = copies(array.shape);
    return readStrided(array, shape, strides, 0, inner);
  },
  gradient: (gradient, [input], { repeats }) => {
    const parts: Shape = input.shape.flatMap((length, axis) => [repeats[axis], length]);
    return [
      sum(
        reshape(gradient, parts),
        repeats.map((_, axis) => 2 * axis),
      ),
    ];
  },
  cases: [
    { shapes: [[3]], parameters: { repeats: [2] } },
    { shapes: [[2, 3, 5]], parameters: { repeats: [1, 4, 1] } },
    { shapes: [[2, 3, 4, 17]], parameters: { repeats: [1, 2, 3, 2] } },
    { shapes: [[3, 1, 2]], parameters: { repeats: [2, 5, 3] } },
    { shapes: [[2, 2]], parameters: { repeats: [1, 1] } },
  ],
});

/**
 * The tensor several times side by side along the axes, NumPy's `tile`: `[a, b]` twice is `[a, b, a, b]`. Takes no memory
 * where it is used in element-by-element arithmetic or a reduction.
 * @param repeats how often, for each axis
 * @throws AuricleError "argument" unless they are whole numbers from 1, one for each axis.
 */
export function tile(tensor: Tensor, repeats: readonly number[]): Tensor {
  return repeats.every((count) => count === 1) && repeats.length === tensor.shape.length
    ? tensor
    : tilePrimitive([tensor], { repeats });
}
