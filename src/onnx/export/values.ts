/**
 * @file Where a tensor's numbers are while a graph is exported. Axes may lie in another order than the tensor's, as ONNX's
 * convolutions have channels before rows and columns; axes of length 1 and repetitions need not be there at all. So transposing,
 * broadcasting, and adding or removing axes of length 1 make no node: one is made where an operation asks for an arrangement that the
 * numbers are not in. Two transpositions that undo each other, whatever lies between them, never come into being.
 */
import { evaluate } from "../../graph/interpret.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { broadcastTo } from "../../ops/sum.ts";
import { reshape } from "../../ops/reshape.ts";
import { transpose } from "../../ops/transpose.ts";
import type { DType } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { dimOf, sameDim, sameDims, type Dim } from "./dims.ts";
import type { ConstantData, OnnxBuilder } from "./builder.ts";
import { LengthError } from "./traces.ts";

/** Numbers known now. The tensor has the axes of the one that it stands for, with length 1 where that repeats it. */
export interface Known {
  readonly kind: "known";
  readonly tensor: Tensor;
}

/** One number, known for each trace and not the same in all: the count of what a mean is taken over. */
export interface Count {
  readonly kind: "count";
  readonly values: readonly number[];
}

/** A value of the ONNX graph. */
export interface Flowing {
  readonly kind: "flowing";
  readonly name: string;
  /** The tensor's axis that each of the value's axes is; -1 for one of length 1 that the tensor does not have. */
  readonly axes: readonly number[];
  /** The lengths of the value's axes. An axis of the tensor that is not among them has length 1, or is repeated. */
  readonly dims: readonly Dim[];
  readonly dtype: DType;
}

export type Value = Known | Count | Flowing;

/** The stand-in for an axis of length 1 that a tensor does not have. */
export const NO_AXIS = -1;

/** 0, 1, … */
export function axesOf(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis);
}

/** The length of a tensor's axis in a value; 1 where it is not there. */
export function dimAt(value: Known | Flowing, axis: number): Dim {
  if (value.kind === "known") return value.tensor.shape[axis];
  const place = value.axes.indexOf(axis);
  return place < 0 || axis === NO_AXIS ? 1 : value.dims[place];
}

export function flowing(
  builder: OnnxBuilder,
  name: string,
  axes: readonly number[],
  dims: readonly Dim[],
  dtype: DType = "float32",
): Flowing {
  builder.remember(name, dims);
  return { kind: "flowing", name, axes, dims, dtype };
}

/** @throws LengthError for a number that is not the same for every length of the input. */
export function refuseCount(value: Value): Known | Flowing {
  if (value.kind !== "count") return value;
  throw new LengthError(`a number depends on the input's length: ${value.values.join(", ")}`);
}

/** The numbers of known tensors, in double precision. */
export function numbersOf({ tensor }: Known): Float64Array {
  return evaluate([tensor], new Map())[0];
}

/** The number that a value is, in every trace; undefined where it is not one number known now. */
export function numberOf(value: Value): Dim | undefined {
  if (value.kind === "count") return value.values;
  return value.kind === "known" && sizeOf(value.tensor.shape) === 1 ? numbersOf(value)[0] : undefined;
}

/** Known numbers as a constant whose axes are these of the tensor, in this order; {@link NO_AXIS} stands for one of length 1. */
export function arrangedNumbers(known: Known, axes: readonly number[]): Known {
  const { tensor } = known;
  const listed = axes.filter((axis) => axis !== NO_AXIS);
  const others = axesOf(tensor.shape.length).filter((axis) => !listed.includes(axis));
  const shape = axes.map((axis) => (axis === NO_AXIS ? 1 : tensor.shape[axis]));
  return { kind: "known", tensor: reshape(transpose(tensor, [...others, ...listed]), shape) };
}

/** Adds known numbers to the graph as they lie. */
export function constantOf(builder: OnnxBuilder, known: Known, what?: string): string {
  return builder.constant(dataOf(known), known.tensor.shape, what);
}

export function dataOf(known: Known): ConstantData {
  const numbers = numbersOf(known);
  return known.tensor.dtype === "int32" ? Int32Array.from(numbers) : Float32Array.from(numbers);
}

/** The same value with these axes of the tensor, in this order: those that are left out have length 1. */
export function arranged(builder: OnnxBuilder, value: Flowing, axes: readonly number[]): Flowing {
  const dims = axes.map((axis) => dimAt(value, axis));
  const moving = value.axes.filter((_, place) => value.dims[place] !== 1);
  const wanted = axes.filter((axis) => moving.includes(axis));
  let { name, dims: current } = value;
  if (moving.join() !== wanted.join()) {
    const rank = (place: number) => axes.indexOf(value.axes[place]);
    const places = axesOf(value.axes.length).sort((a, b) => rank(a) - rank(b));
    name = builder.node("Transpose", [name], { perm: { ints: places } });
    current = places.map((place) => value.dims[place]);
  }
  if (!sameDims(current, dims)) name = builder.reshape(name, current, dims);
  return name === value.name ? { ...value, axes, dims } : flowing(builder, name, axes, dims, value.dtype);
}

/** The value with repetitions carried out, for a tensor of these lengths; its axes must all be there. */
function repeated(builder: OnnxBuilder, value: Flowing, lengths: readonly Dim[]): Flowing {
  const dims = value.axes.map((axis) => lengths[axis]);
  if (sameDims(value.dims, dims)) return value;
  // Expand leaves an axis as it is where 1 is asked for.
  const asked = dims.map((dim, place) => (sameDim(dim, value.dims[place]) ? 1 : dim));
  const name = builder.node("Expand", [value.name, builder.lengthsOf(asked)]);
  return flowing(builder, name, value.axes, dims, value.dtype);
}

/** All axes of a tensor in the order that its value has them in, those that it does not have where they would be. */
export function fullOrder(axes: readonly number[], rank: number): number[] {
  const order = axes.filter((axis) => axis !== NO_AXIS);
  for (let axis = 0; axis < rank; axis++) {
    if (!order.includes(axis)) order.splice(order.indexOf(axis - 1) + 1, 0, axis);
  }
  return order;
}

/**
 * A value of the graph with every axis of the tensor at its full length.
 * @param lengths the tensor's
 * @param order the order of the axes; default: that of the value
 */
export function whole(
  builder: OnnxBuilder,
  given: Value,
  lengths: readonly Dim[],
  order?: readonly number[],
): Flowing {
  const value = refuseCount(given);
  if (value.kind === "flowing") {
    const axes = order ?? fullOrder(value.axes, lengths.length);
    return repeated(builder, arranged(builder, value, axes), lengths);
  }
  const axes = order ?? axesOf(lengths.length);
  const known = arrangedNumbers(value, axes);
  const name = constantOf(builder, known);
  const { shape, dtype } = known.tensor;
  return repeated(builder, flowing(builder, name, axes, shape, dtype), lengths);
}

/** Known numbers with repetitions carried out. @throws LengthError where the lengths are not fixed. */
export function wholeNumbers({ tensor }: Known, lengths: readonly Dim[]): Tensor {
  return broadcastTo(tensor, fixedLengths(lengths));
}

/** @throws LengthError where they are not the same in every trace. */
export function fixedLengths(dims: readonly Dim[]): number[] {
  return dims.map((dim) => {
    if (typeof dim === "number") return dim;
    throw new LengthError(`a length is ${dim.join(", ")} for inputs of different lengths, and must be fixed`);
  });
}

/** The length of an axis in each of `traces` traces. */
export function lengthsIn(dim: Dim, traces: number): readonly number[] {
  return typeof dim === "number" ? new Array<number>(traces).fill(dim) : dim;
}

/** The number of elements along some axes together. */
export function productOf(dims: readonly Dim[], traces: number): Dim {
  const each = dims.map((dim) => lengthsIn(dim, traces));
  return dimOf(axesOf(traces).map((trace) => each.reduce((product, lengths) => product * lengths[trace], 1)));
}
