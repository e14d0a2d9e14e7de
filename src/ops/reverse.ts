import type { Cases } from "../graph/case.ts";
import { defineOperation } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { stridesOf, type Shape } from "../tensor/shape.ts";
import { readStrided } from "./strided-reference.ts";
import { normalizeAxes } from "./sum.ts";

export interface ReverseParameters {
  /** Sorted, not negative. */
  readonly axes: readonly number[];
}

function backwards(shape: Shape, { axes }: ReverseParameters): { strides: number[]; offset: number } {
  const strides = stridesOf(shape);
  return {
    strides: strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride)),
    offset: axes.reduce((sum, axis) => sum + (shape[axis] - 1) * strides[axis], 0),
  };
}

export const reversePrimitive = defineOperation<ReverseParameters>({
  name: "reverse",
  shape: ([input]) => input.shape,
  dtype: ([input]) => input.dtype,
  structure: ([input], parameters) => ({ kind: "strided", ...backwards(input.shape, parameters) }),
  reference: ([array], parameters, shape) => {
    const { strides, offset } = backwards(array.shape, parameters);
    return readStrided(array, shape, strides, offset);
  },
});

export const reverseCases: Cases<ReverseParameters> = () => [
  { shapes: [[7]], parameters: { axes: [0] } },
  { shapes: [[3, 50]], parameters: { axes: [1] } },
  { shapes: [[2, 3, 5, 3]], parameters: { axes: [1, 3] } },
  { shapes: [[4, 6, 2]], parameters: { axes: [0, 1, 2] } },
  { shapes: [[1, 4]], parameters: { axes: [0] } },
];

/** The same elements with the order along the given axes (default: all) turned round. */
export function reverse(tensor: Tensor, axes?: number | readonly number[]): Tensor {
  return reversePrimitive([tensor], { axes: normalizeAxes(tensor, axes, "reverse") });
}
