/** @file The largest elements along an axis and where they are. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { formatShape, normalizeAxis, sizeOf } from "../tensor/shape.ts";
import { takeAlongAxis } from "./gather.ts";
import { transpose } from "./transpose.ts";
import { shownValue } from "../shown-value.ts";
import { TOP_INDICES_TASK } from "../lowering/top-indices.ts";

export interface TopIndicesParameters {
  readonly count: number;
}

/** Largest first, NaN before all numbers, equal ones in their order. */
function descending(data: Float64Array): (a: number, b: number) => number {
  const rank = (value: number) => (Number.isNaN(value) ? 1 : 0);
  return (a, b) => {
    const [x, y] = [data[a], data[b]];
    if (rank(x) !== rank(y)) return rank(y) - rank(x);
    return x === y || rank(x) === 1 ? a - b : y - x > 0 ? 1 : -1;
  };
}

export const topIndicesPrimitive: Primitive<TopIndicesParameters> = defineOperation<TopIndicesParameters>({
  name: "topIndices",
  shape: ([{ shape }], { count }) => [...shape.slice(0, -1), count],
  dtype: () => "int32",
  structure: ([{ shape }], { count }) => {
    const length = shape[shape.length - 1];
    return { kind: "kernels", task: { kind: TOP_INDICES_TASK, rows: sizeOf(shape) / length, length, count } };
  },
  reference: ([{ shape, data }], { count }) => {
    const length = shape[shape.length - 1];
    const rows = data.length / length;
    const places = Array.from({ length: rows }, (_, row) => {
      const own = data.subarray(row * length, (row + 1) * length);
      return [...own.keys()].sort(descending(own)).slice(0, count);
    });
    return Float64Array.from(places.flat());
  },
});

export const topIndicesCases: Cases<TopIndicesParameters> = () => [
  { shapes: [[7]], parameters: { count: 3 }, values: ["labels"], withoutGradient: "whole numbers" },
  { shapes: [[2, 3, 41]], parameters: { count: 41 }, withoutGradient: "whole numbers" },
  { shapes: [[3, 200]], parameters: { count: 5 }, values: ["labels"], withoutGradient: "whole numbers" },
  { shapes: [[4, 1]], parameters: { count: 1 }, withoutGradient: "whole numbers" },
];

export interface TopK {
  /** Largest first; their gradient goes to the elements that they are. */
  readonly values: Tensor;
  /** Their places along the axis, int32. */
  readonly indices: Tensor;
}

/**
 * The k largest elements along an axis, largest first; of equal ones the first comes first, and NaN counts as the largest.
 * The axis' length becomes k. Takes time in proportion to the axis where numbers come in any order, at worst k times that: all of 1,000 numbers are sorted in
 * milliseconds.
 *
 * @param axis default: the last
 * @throws AuricleError "argument" unless k is a whole number from 1 up to the axis' length.
 */
export function topK(x: Tensor, k: number, axis = -1): TopK {
  const along = normalizeAxis(axis, x.shape.length, "topK");
  if (!Number.isInteger(k) || k < 1 || k > x.shape[along]) {
    throw new AuricleError(
      "argument",
      `topK: k must be a whole number in 1 … ${x.shape[along]}, the length of axis ${along} of ${formatShape(x.shape)}; got ${shownValue(k)}`,
    );
  }
  // Exchanging the axis with the last one twice leaves all where they were.
  const last = x.shape.length - 1;
  const exchanged = x.shape.map((_, i) => (i === along ? last : i === last ? along : i));
  const isLast = along === last;
  const indices = topIndicesPrimitive([isLast ? x : transpose(x, exchanged)], { count: k });
  const places = isLast ? indices : transpose(indices, exchanged);
  return { values: takeAlongAxis(x, places, along), indices: places };
}
