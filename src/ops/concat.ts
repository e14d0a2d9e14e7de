/** @file Putting tensors together: along an axis, or along a new one. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { formatShape, normalizeAxis, sameShape, sizeOf, stridesOf, type Shape } from "../tensor/shape.ts";
import { expandDims } from "./reshape-axes.ts";
import { placeInto } from "./slice-and-pad.ts";

export interface ConcatParameters {
  /** Not negative. */
  readonly axis: number;
}

/** Where each input begins along the axis. */
function beginnings(shapes: readonly Shape[], axis: number): number[] {
  let begin = 0;
  return shapes.map((shape) => {
    const own = begin;
    begin += shape[axis];
    return own;
  });
}

export const concatPrimitive = defineOperation<ConcatParameters>({
  name: "concat",
  shape: (inputs, { axis }) => {
    const [first] = inputs;
    const without = (shape: Shape) => shape.filter((_, i) => i !== axis);
    const fits = ({ shape, dtype }: Tensor) =>
      shape.length === first.shape.length &&
      dtype === first.dtype &&
      sameShape(without(shape), without(first.shape));
    if (!inputs.every(fits)) {
      throw new AuricleError(
        "shape",
        `concat: tensors must have one dtype and equal shapes but for axis ${axis}; got ${inputs.map(({ shape, dtype }) => `${dtype} ${formatShape(shape)}`).join(", ")}`,
      );
    }
    const total = inputs.reduce((sum, { shape }) => sum + shape[axis], 0);
    return first.shape.map((length, i) => (i === axis ? total : length));
  },
  dtype: ([first]) => first.dtype,
  structure: (inputs, { axis }, shape) => ({
    kind: "assembled",
    offsets: beginnings(
      inputs.map((input) => input.shape),
      axis,
    ).map((begin) => begin * stridesOf(shape)[axis]),
    fill: undefined,
  }),
  reference: (arrays, { axis }, shape) => {
    const result = new Float64Array(sizeOf(shape));
    const begins = beginnings(
      arrays.map((array) => array.shape),
      axis,
    );
    arrays.forEach((array, i) => {
      const at = shape.map((_, along) => (along === axis ? begins[i] : 0));
      placeInto(result, shape, array.data, array.shape, at);
    });
    return result;
  },
});

export const concatCases: Cases<ConcatParameters> = () => [
  { shapes: [[3], [4]], parameters: { axis: 0 } },
  {
    shapes: [
      [2, 3],
      [2, 1],
      [2, 6],
    ],
    parameters: { axis: 1 },
  },
  {
    shapes: [
      [1, 5],
      [3, 5],
    ],
    parameters: { axis: 0 },
  },
  {
    shapes: [
      [4, 1],
      [4, 1],
    ],
    parameters: { axis: 1 },
  },
  {
    shapes: [
      [2, 3, 5, 4],
      [2, 3, 5, 9],
    ],
    parameters: { axis: 3 },
  },
  {
    shapes: [
      [2, 1, 7],
      [2, 4, 7],
      [2, 2, 7],
    ],
    parameters: { axis: 1 },
  },
  { shapes: [[3, 2]], parameters: { axis: 1 } },
];

/**
 * Joins tensors one after the other along an axis; negative axes count from the last.
 * @throws AuricleError "argument" without tensors; "shape" unless they agree in dtype and on all other axes.
 */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  if (tensors.length === 0) {
    throw new AuricleError("argument", "concat: needs at least one tensor; got none");
  }
  const along = normalizeAxis(axis, tensors[0].shape.length, "concat");
  return tensors.length === 1 ? tensors[0] : concatPrimitive(tensors, { axis: along });
}

/**
 * Joins n tensors of one shape along a new axis of length n, which is axis `axis` (default 0) of the result.
 * @throws AuricleError "argument" without tensors; "shape" unless their shapes are equal.
 */
export function stack(tensors: readonly Tensor[], axis = 0): Tensor {
  if (tensors.length === 0) {
    throw new AuricleError("argument", "stack: needs at least one tensor; got none");
  }
  const [{ shape }] = tensors;
  if (!tensors.every((tensor) => sameShape(tensor.shape, shape))) {
    throw new AuricleError(
      "shape",
      `stack: tensors must have equal shapes; got ${tensors.map((tensor) => formatShape(tensor.shape)).join(", ")}`,
    );
  }
  const along = normalizeAxis(axis, shape.length + 1, "stack");
  return concat(
    tensors.map((tensor) => expandDims(tensor, along)),
    along,
  );
}
