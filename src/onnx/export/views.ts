/** @file Operations that only view a tensor otherwise: they say anew which axis of a tensor each axis of a value is, and make no node. */
import { reshape as reshapeTensor } from "../../ops/reshape.ts";
import { transpose as transposeTensor, type TransposeParameters } from "../../ops/transpose.ts";
import type { OnnxBuilder } from "./builder.ts";
import { sameDims, type Dim } from "./dims.ts";
import {
  axesOf,
  fixedLengths,
  flowing,
  NO_AXIS,
  whole,
  wholeNumbers,
  type Flowing,
  type Value,
} from "./values.ts";

/** Says which axis each axis of a value has become. */
function renamed(value: Flowing, axisOf: (axis: number) => number): Flowing {
  return { ...value, axes: value.axes.map((axis) => (axis === NO_AXIS ? NO_AXIS : axisOf(axis))) };
}

/** The axes whose length is not 1. */
function longAxes(dims: readonly Dim[]): number[] {
  return axesOf(dims.length).filter((axis) => dims[axis] !== 1);
}

/** @param from the lengths of the tensor's axes before; `to`: after */
export function reshape(builder: OnnxBuilder, value: Value, from: readonly Dim[], to: readonly Dim[]): Value {
  if (value.kind === "count") return value;
  const [before, after] = [longAxes(from), longAxes(to)];
  const onlyUnits = sameDims(
    before.map((axis) => from[axis]),
    after.map((axis) => to[axis]),
  );
  if (value.kind === "known") {
    const { tensor } = value;
    if (!onlyUnits) return { ...value, tensor: reshapeTensor(wholeNumbers(value, from), fixedLengths(to)) };
    const lengths = to.map(() => 1);
    after.forEach((axis, i) => (lengths[axis] = tensor.shape[before[i]]));
    return { ...value, tensor: reshapeTensor(tensor, lengths) };
  }
  if (onlyUnits) {
    return renamed(value, (axis) => (from[axis] === 1 ? NO_AXIS : after[before.indexOf(axis)]));
  }
  const { name, dtype } = whole(builder, value, from, axesOf(from.length));
  return flowing(builder, builder.reshape(name, from, to), axesOf(to.length), to, dtype);
}

export function transpose(value: Value, { permutation }: TransposeParameters): Value {
  if (value.kind === "count") return value;
  if (value.kind === "known") return { ...value, tensor: transposeTensor(value.tensor, permutation) };
  return renamed(value, (axis) => permutation.indexOf(axis));
}

/** @param added the number of axes that come before the tensor's own */
export function broadcast(value: Value, added: number): Value {
  if (value.kind === "count") return value;
  if (value.kind === "known") {
    const { tensor } = value;
    return {
      ...value,
      tensor: reshapeTensor(tensor, [...new Array<number>(added).fill(1), ...tensor.shape]),
    };
  }
  return renamed(value, (axis) => axis + added);
}
