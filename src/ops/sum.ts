/** @file Reductions, and broadcasting: the sum over axes and the repetition along them are each other's gradient. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Combine, Tensor } from "../graph/tensor.ts";
import type { DoubleArray } from "../tensor/array.ts";
import {
  broadcastShapes,
  formatShape,
  normalizeAxis,
  sameShape,
  sizeOf,
  stridesOf,
  type Shape,
} from "../tensor/shape.ts";
import { reshape } from "./reshape.ts";
import { readStrided } from "./strided-reference.ts";

export interface ReduceParameters {
  /** Sorted, not negative. */
  readonly axes: readonly number[];
}

function keptShape(shape: Shape, axes: readonly number[]): number[] {
  return shape.filter((_, axis) => !axes.includes(axis));
}

function reduceReference(combine: Combine, array: DoubleArray, axes: readonly number[]): Float64Array {
  const { shape, data } = array;
  const size = sizeOf(keptShape(shape, axes));
  const totals = new Float64Array(size).fill({ sum: 0, max: -Infinity, min: Infinity }[combine]);
  const keptStrides = stridesOf(keptShape(shape, axes));
  let next = 0;
  const strides = shape.map((_, axis) => (axes.includes(axis) ? 0 : keptStrides[next++]));
  const inputStrides = stridesOf(shape);
  for (let i = 0; i < data.length; i++) {
    let target = 0;
    for (let axis = 0; axis < shape.length; axis++) {
      target += (Math.floor(i / inputStrides[axis]) % shape[axis]) * strides[axis];
    }
    if (combine === "sum") totals[target] += data[i];
    else
      totals[target] =
        combine === "max" ? Math.max(totals[target], data[i]) : Math.min(totals[target], data[i]);
  }
  return totals;
}

export const reduceCases: Cases<ReduceParameters> = () => [
  { shapes: [[4, 7]], parameters: { axes: [1] }, values: ["separated"] },
  { shapes: [[5, 6]], parameters: { axes: [0] }, values: ["separated"] },
  { shapes: [[3, 2, 21]], parameters: { axes: [0, 1] }, values: ["separated"] },
  { shapes: [[2, 5, 3, 4]], parameters: { axes: [1, 2] }, values: ["separated"] },
  { shapes: [[2, 3, 5]], parameters: { axes: [0, 2] }, values: ["separated"] },
  { shapes: [[9]], parameters: { axes: [0] }, values: ["separated"] },
  { shapes: [[1, 1, 1]], parameters: { axes: [0, 2] }, values: ["separated"] },
];

/*@__NO_SIDE_EFFECTS__*/
export function defineReduce(combine: Combine): Primitive<ReduceParameters> {
  return defineOperation<ReduceParameters>({
    name: combine,
    shape: ([input], { axes }) => {
      if (axes.some((axis) => input.shape[axis] === 0)) {
        throw new AuricleError(
          "shape",
          `${combine}: reduced axes must not be empty; got ${formatShape(input.shape)}`,
        );
      }
      return keptShape(input.shape, axes);
    },
    structure: (_, { axes }) => ({ kind: "reduce", combine, axes }),
    reference: ([array], { axes }) => reduceReference(combine, array, axes),
  });
}

/** The reduced tensor with axes of length 1 where it was reduced, repeated to `shape`. */
export function broadcastAlong(reduced: Tensor, shape: Shape, axes: readonly number[]): Tensor {
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  return broadcastTo(reshape(reduced, kept), shape);
}

export const sumPrimitive = defineReduce("sum");

export function normalizeAxes(
  tensor: Tensor,
  axes: number | readonly number[] | undefined,
  where: string,
): number[] {
  const list =
    axes === undefined ? tensor.shape.map((_, axis) => axis) : typeof axes === "number" ? [axes] : axes;
  return [...new Set(list.map((axis) => normalizeAxis(axis, tensor.shape.length, where)))].sort(
    (a, b) => a - b,
  );
}

export function reduce(
  primitive: Primitive<ReduceParameters>,
  tensor: Tensor,
  axes: number | readonly number[] | undefined,
  keepDims: boolean,
): Tensor {
  const list = normalizeAxes(tensor, axes, primitive.operationName);
  if (list.length === 0) return tensor;
  const reduced = primitive([tensor], { axes: list });
  return keepDims
    ? reshape(
        reduced,
        tensor.shape.map((length, axis) => (list.includes(axis) ? 1 : length)),
      )
    : reduced;
}

/** Σ over the axes (default: all). */
export function sum(tensor: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  return reduce(sumPrimitive, tensor, axes, keepDims);
}

function stridesFor(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  return to.map((_, axis) => {
    const inner = axis - (to.length - from.length);
    return inner < 0 || from[inner] === 1 ? 0 : own[inner];
  });
}

export interface BroadcastParameters {
  readonly shape: Shape;
}

export const broadcastPrimitive = defineOperation<BroadcastParameters>({
  name: "broadcastTo",
  shape: ([input], { shape }) => {
    if (!sameShape(broadcastShapes(input.shape, shape, "broadcastTo"), shape)) {
      throw new AuricleError(
        "shape",
        `broadcastTo: each axis must be equal or 1 in the input; got ${formatShape(input.shape)} to ${formatShape(shape)}`,
      );
    }
    return shape;
  },
  dtype: ([input]) => input.dtype,
  structure: ([input], { shape }) => ({
    kind: "strided",
    strides: stridesFor(input.shape, shape),
    offset: 0,
  }),
  reference: ([array], { shape }) => readStrided(array, shape, stridesFor(array.shape, shape), 0),
});

export const broadcastCases: Cases<BroadcastParameters> = () => [
  { shapes: [[3]], parameters: { shape: [2, 3] } },
  { shapes: [[]], parameters: { shape: [2, 5] } },
  { shapes: [[2, 1, 3]], parameters: { shape: [4, 2, 5, 3] } },
];

/** Repeats axes of length 1 (and missing leading axes) so that the tensor has `shape`; NumPy's rule. */
export function broadcastTo(tensor: Tensor, shape: Shape): Tensor {
  return sameShape(tensor.shape, shape) ? tensor : broadcastPrimitive([tensor], { shape });
}
