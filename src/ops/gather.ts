/** @file Picking elements along an axis by indices that are data, and adding up at indices: each other's gradient. */
import type { Cases } from "../graph/case.ts";
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import { constantTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { GATHER_TASK, SCATTER_ADD_TASK } from "../lowering/gather.ts";
import { floatArray, intArray } from "../tensor/array.ts";
import { formatShape, normalizeAxis, sameShape, sizeOf, type Shape } from "../tensor/shape.ts";
import type { Outside, PickRequest } from "../kernels/requests.ts";

export interface GatherParameters {
  /** Not negative. */
  readonly axis: number;
  /** Whether each element has an index of its own, in a tensor of the result's shape. */
  readonly perElement: boolean;
  readonly outside: Outside;
}

/** The sizes of picking from `values`, by `picked`, which has other lengths along the axis, or other axes in its place. */
function requestOf(values: Shape, picked: Shape, axis: number, perElement: boolean): PickRequest {
  const [outer, inner] = [sizeOf(values.slice(0, axis)), sizeOf(values.slice(axis + 1))];
  return { outer, length: values[axis], picks: sizeOf(picked) / (outer * inner), inner, perElement };
}

/** Calls `visit` with the positions of each picked element, of its index and of the value that it is. */
function forEachPick(
  { outer, length, picks, inner, perElement }: PickRequest,
  indices: Float64Array,
  visit: (picked: number, value: number | undefined) => void,
): void {
  for (let o = 0; o < outer; o++)
    for (let j = 0; j < picks; j++)
      for (let i = 0; i < inner; i++) {
        const picked = (o * picks + j) * inner + i;
        const index = indices[perElement ? picked : j];
        const isInside = index >= 0 && index < length;
        visit(picked, isInside ? (o * length + index) * inner + i : undefined);
      }
}

export const gatherPrimitive: Primitive<GatherParameters> = defineOperation<GatherParameters>({
  name: "gather",
  shape: ([{ shape }, indices], { axis, perElement }) =>
    perElement ? indices.shape : [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)],
  dtype: ([x]) => x.dtype,
  structure: ([{ shape }], { axis, perElement, outside }, picked) => ({
    kind: "kernels",
    task: { kind: GATHER_TASK, ...requestOf(shape, picked, axis, perElement), outside },
  }),
  reference: ([{ shape, data }, indices], { axis, perElement, outside }, picked) => {
    const result = new Float64Array(sizeOf(picked));
    forEachPick(requestOf(shape, picked, axis, perElement), indices.data, (to, from) => {
      result[to] = from === undefined ? Number(outside) : data[from];
    });
    return result;
  },
});

export const gatherCases: Cases<GatherParameters> = () => [
  // Rows of less than a vector, of several with a rest, of more than are written out; one element; more picks than units.
  { shapes: [[5, 3], [7]], parameters: { axis: 0, perElement: false, outside: "NaN" }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[2, 6, 77], [2, 2]], parameters: { axis: 1, perElement: false, outside: "NaN" }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[5, 300], [3]], parameters: { axis: 0, perElement: false, outside: "0" }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[3, 5], [40]], parameters: { axis: 1, perElement: false, outside: "NaN" }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[2, 3], [9]], parameters: { axis: 0, perElement: false, outside: "0" }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[3, 5], [3, 4]], parameters: { axis: 1, perElement: true, outside: "NaN" }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[2, 6, 9], [2, 21, 9]], parameters: { axis: 1, perElement: true, outside: "NaN" }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[3, 7], [2, 7]], parameters: { axis: 0, perElement: true, outside: "0" }, values: ["normal", "indices"] }, // prettier-ignore
];

export interface ScatterAddParameters {
  readonly axis: number;
  readonly perElement: boolean;
  /** The result's. */
  readonly shape: Shape;
}

export const scatterAddPrimitive: Primitive<ScatterAddParameters> = defineOperation<ScatterAddParameters>({
  name: "scatterAdd",
  shape: (_, { shape }) => shape,
  dtype: () => "float32",
  structure: ([picked], { axis, perElement, shape }) => ({
    kind: "kernels",
    task: { kind: SCATTER_ADD_TASK, ...requestOf(shape, picked.shape, axis, perElement) },
  }),
  reference: ([picked, indices], { axis, perElement, shape }) => {
    const result = new Float64Array(sizeOf(shape));
    forEachPick(requestOf(shape, picked.shape, axis, perElement), indices.data, (from, to) => {
      if (to !== undefined) result[to] += picked.data[from];
    });
    return result;
  },
});

export const scatterAddCases: Cases<ScatterAddParameters> = () => [
  { shapes: [[7, 3], [7]], parameters: { axis: 0, perElement: false, shape: [5, 3] }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[2, 4, 77], [4]], parameters: { axis: 1, perElement: false, shape: [2, 3, 77] }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[3, 40], [40]], parameters: { axis: 1, perElement: false, shape: [3, 30] }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[5, 3, 4], [5, 3]], parameters: { axis: 0, perElement: false, shape: [6, 4] }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[3, 4], [3, 4]], parameters: { axis: 1, perElement: true, shape: [3, 5] }, values: ["normal", "indices"] }, // prettier-ignore
  { shapes: [[1, 21, 19], [1, 21, 19]], parameters: { axis: 1, perElement: true, shape: [1, 4, 19] }, values: ["normal", "indices"] }, // prettier-ignore
];

/** The result where an index lies outside: NaN, or -1 for integers. */
function mark({ dtype }: Tensor): Outside {
  return dtype === "float32" ? "NaN" : "-1";
}

function apply(x: Tensor, indices: Tensor, axis: number, perElement: boolean, name: string): Tensor {
  if (indices.dtype !== "int32") {
    throw new AuricleError(
      "argument",
      `${name}: indices must be int32; got ${indices.dtype}; convert them with toInt`,
    );
  }
  const parameters = { axis, perElement, outside: mark(x) };
  const isEmpty = sizeOf(x.shape) === 0 || sizeOf(indices.shape) === 0;
  if (!isEmpty) return gatherPrimitive([x, indices], parameters);
  const shape = perElement
    ? indices.shape
    : [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)];
  if (sizeOf(shape) === 0) {
    return constantTensor(x.dtype === "int32" ? intArray([], shape) : floatArray([], shape));
  }
  throw new AuricleError(
    "shape",
    `${name}: nothing can be picked from an empty axis; got ${formatShape(x.shape)}`,
  );
}

/**
 * The elements at `indices` along one axis, NumPy's `take`: for `[…, n, …]` and indices `[a, b]` the result is `[…, a, b, …]`.
 * An index may occur more than once: its gradients are added up. Indices in a list are checked, and negative ones count from
 * the end; those in a tensor are known only when the program runs, and one outside 0 … n - 1 gives NaN (-1 from int32).
 *
 * @param indices int32, or a list of whole numbers
 * @param axis default 0
 * @throws AuricleError "argument" for indices of another dtype, or one in a list that is not in -n … n - 1.
 */
export function gather(x: Tensor, indices: Tensor | readonly number[], axis = 0): Tensor {
  const along = normalizeAxis(axis, x.shape.length, "gather");
  const tensor = isList(indices) ? constantIndices(x, indices, along) : indices;
  return apply(x, tensor, along, false, "gather");
}

function isList(indices: Tensor | readonly number[]): indices is readonly number[] {
  return Array.isArray(indices);
}

function constantIndices(x: Tensor, indices: readonly number[], axis: number): Tensor {
  const length = x.shape[axis];
  const wrong = indices.find((index) => !Number.isInteger(index) || index < -length || index >= length);
  if (wrong !== undefined) {
    throw new AuricleError(
      "argument",
      `gather: indices must be whole numbers in -${length} … ${length - 1} for axis ${axis} of ${formatShape(x.shape)}; got ${wrong}`,
    );
  }
  const fromStart = indices.map((index) => (index < 0 ? index + length : index));
  return constantTensor(intArray(fromStart, [indices.length]));
}

/**
 * One element for each index along an axis, NumPy's `take_along_axis` and PyTorch's `gather`: element [i, j, k] of the result is
 * x[i, indices[i, j, k], k] for axis 1. So `takeAlongAxis(x, expandDims(argMax(x), -1))` is the largest of each row. Indices
 * outside the axis as in {@link gather}.
 *
 * @param indices int32, of x's shape but for this axis
 * @param axis default: the last
 * @throws AuricleError "argument" for indices of another dtype, "shape" for other shapes.
 */
export function takeAlongAxis(x: Tensor, indices: Tensor, axis = -1): Tensor {
  const along = normalizeAxis(axis, x.shape.length, "takeAlongAxis");
  const wanted = x.shape.map((length, i) => (i === along ? (indices.shape[i] ?? length) : length));
  if (!sameShape(indices.shape, wanted)) {
    throw new AuricleError(
      "shape",
      `takeAlongAxis: indices must have the shape of x but for axis ${along}; got ${formatShape(indices.shape)} for ${formatShape(x.shape)}`,
    );
  }
  return apply(x, indices, along, true, "takeAlongAxis");
}
