import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { formatShape, stridesOf, type Shape } from "../tensor/shape.ts";
import { readStrided } from "./strided-reference.ts";
import { shownValue } from "../shown-value.ts";

export interface TransposeParameters {
  /** Axis i of the result is axis permutation[i] of the input. */
  readonly permutation: readonly number[];
}

function permuted(values: readonly number[], { permutation }: TransposeParameters): number[] {
  return permutation.map((axis) => values[axis]);
}

function checkPermutation(input: Shape, { permutation }: TransposeParameters): void {
  const sorted = [...permutation].sort((a, b) => a - b);
  if (permutation.length === input.length && sorted.every((axis, i) => axis === i)) return;
  throw new AuricleError(
    "argument",
    `transpose: permutation must name each axis of ${formatShape(input)} once, counted from 0; got ${shownValue(permutation)}`,
  );
}

export const transposePrimitive = defineOperation<TransposeParameters>({
  name: "transpose",
  shape: ([input], parameters) => {
    checkPermutation(input.shape, parameters);
    return permuted(input.shape, parameters);
  },
  dtype: ([input]) => input.dtype,
  structure: ([input], parameters) => ({
    kind: "strided",
    strides: permuted(stridesOf(input.shape), parameters),
    offset: 0,
  }),
  reference: ([array], parameters, shape) =>
    readStrided(array, shape, permuted(stridesOf(array.shape), parameters), 0),
});

export const transposeCases: Cases<TransposeParameters> = () => [
  { shapes: [[3, 5]], parameters: { permutation: [1, 0] } },
  { shapes: [[4, 1]], parameters: { permutation: [1, 0] } },
  { shapes: [[2, 3, 4, 5]], parameters: { permutation: [0, 3, 1, 2] } },
  { shapes: [[2, 6, 7, 3]], parameters: { permutation: [2, 0, 3, 1] } },
  { shapes: [[17, 9, 4]], parameters: { permutation: [1, 0, 2] } },
  { shapes: [[1, 1, 5]], parameters: { permutation: [2, 1, 0] } },
  { shapes: [[6]], parameters: { permutation: [0] } },
];

/**
 * Reorders the axes: axis i of the result is axis `permutation[i]` of the input. Default: all axes reversed, as for
 * a matrix.
 * @throws AuricleError "argument" unless the permutation names every axis once.
 */
export function transpose(tensor: Tensor, permutation?: readonly number[]): Tensor {
  const full = permutation ?? tensor.shape.map((_, axis) => tensor.shape.length - 1 - axis);
  return transposePrimitive([tensor], { permutation: full });
}
