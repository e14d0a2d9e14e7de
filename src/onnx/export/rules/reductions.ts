/** @file Sums, means and extrema over axes, and other operations along one. */
import type { CumulativeSumParameters } from "../../../ops/cumulative-sum.ts";
import type { ElementwiseParameters } from "../../../ops/elementwise.ts";
import type { ReduceParameters } from "../../../ops/sum.ts";
import type { TopIndicesParameters } from "../../../ops/top-k.ts";
import { sameDim, sameDims, type Dim } from "../dims.ts";
import type { OnnxBuilder } from "../builder.ts";
import type { TracedNode } from "../traces.ts";
import {
  axesOf,
  dimAt,
  flowing,
  NO_AXIS,
  numberOf,
  productOf,
  refuseCount,
  whole,
  type Flowing,
  type Value,
} from "../values.ts";
import { elementwise, FORMULAS, INT32 } from "./elementwise.ts";
import { parametersOf, type Rule, type Site } from "./site.ts";

/** The axes of a result that has lost some: those that are left, counted anew, and {@link NO_AXIS} for those that are kept as 1. */
function reducedAxes(axes: readonly number[], reduced: readonly number[]): number[] {
  return axes.map((axis) =>
    reduced.includes(axis) ? NO_AXIS : axis - reduced.filter((other) => other < axis).length,
  );
}

/** Whether the axes that a result has lost come back with length 1 wherever it is used. @param rank the number of axes before */
function areAxesKept({ consumers }: TracedNode, rank: number): boolean {
  return consumers.every(
    ({ tensors: [{ operation, shape }] }) => operation.name === "reshape" && shape.length === rank,
  );
}

/** Reduces a value over a tensor's axes by an operator that takes them as an attribute, as all but sums do in this opset. */
function reduce(
  builder: OnnxBuilder,
  type: string,
  value: Flowing,
  axes: readonly number[],
  isKept: boolean,
): Flowing {
  const places = axesOf(value.axes.length).filter((place) => axes.includes(value.axes[place]));
  const left = reducedAxes(value.axes, axes);
  // Over axes of length 1 that the value does not have there is nothing to do.
  if (places.length === 0) return { ...value, axes: left };
  const keepdims = { int: isKept ? 1 : 0 };
  const name =
    type === "ReduceSum"
      ? builder.node(type, [value.name, builder.integers(places)], { keepdims })
      : builder.node(type, [value.name], { axes: { ints: places }, keepdims });
  const dims: Dim[] = value.dims.map((dim, place) => (places.includes(place) ? 1 : dim));
  if (isKept) return flowing(builder, name, left, dims);
  const isLeft = (_: unknown, place: number) => !places.includes(place);
  return flowing(builder, name, left.filter(isLeft), dims.filter(isLeft));
}

/** A value with all axes of the tensor that have more than one element. */
function longInput(builder: OnnxBuilder, given: Value, dims: readonly Dim[]): Flowing {
  const value = refuseCount(given);
  if (value.kind === "flowing" && dims.every((dim, axis) => sameDim(dimAt(value, axis), dim))) return value;
  return whole(builder, value, dims);
}

function input({ builder, inputs, node }: Site<object>): Flowing {
  return longInput(builder, inputs[0], node.inputs[0].dims);
}

function wholeInput({ builder, inputs, node }: Site<object>): Flowing {
  return whole(builder, inputs[0], node.inputs[0].dims);
}

/** Reduces a site's input to its result. */
function reduceInput(site: Site<object>, type: string, value: Flowing, axes: readonly number[]): Flowing {
  const { builder, node } = site;
  return reduce(builder, type, value, axes, areAxesKept(node, node.inputs[0].dims.length));
}

export const sum: Rule<ReduceParameters> = (site) =>
  reduceInput(site, "ReduceSum", input(site), parametersOf(site).axes);
export const max: Rule<ReduceParameters> = (site) =>
  reduceInput(site, "ReduceMax", input(site), parametersOf(site).axes);
export const min: Rule<ReduceParameters> = (site) =>
  reduceInput(site, "ReduceMin", input(site), parametersOf(site).axes);

const quotient = elementwise(FORMULAS.divide);

/**
 * A quotient; a sum divided by the number of its terms, which may depend on the input's length, is a mean, and powers of e divided by
 * their sum are a softmax.
 */
export const divide: Rule<ElementwiseParameters> = (site) => softmax(site) ?? mean(site) ?? quotient(site);

/** The operation behind those that only rearrange. */
function behindViews(node: TracedNode): TracedNode {
  const { name } = node.tensors[0].operation;
  return name === "reshape" || name === "broadcastTo" ? behindViews(node.inputs[0]) : node;
}

function isCalled(node: TracedNode, name: string): boolean {
  return node.tensors[0].operation.name === name;
}

/** The axes that a reduction is over. */
function reducedBy(node: TracedNode): readonly number[] {
  const { structure } = node.tensors[0].operation;
  return structure.kind === "reduce" ? structure.axes : [];
}

function mean(site: Site<ElementwiseParameters>): Flowing | undefined {
  const [total, count] = site.inputs;
  const [given] = site.node.inputs;
  const summed = behindViews(given);
  if (!isCalled(summed, "sum") || total.kind !== "flowing") return undefined;
  // Views that made no node left the sum's value as it is.
  const sumValue = site.valueOf(summed);
  if (sumValue.kind !== "flowing" || sumValue.name !== total.name) return undefined;
  const [terms] = summed.inputs;
  const axes = reducedBy(summed);
  const traces = site.node.tensors.length;
  const number = productOf(
    axes.map((axis) => terms.dims[axis]),
    traces,
  );
  const divisor = numberOf(count);
  if (divisor === undefined || !sameDim(divisor, number)) return undefined;
  const { builder, node } = site;
  const value = longInput(builder, site.valueOf(terms), terms.dims);
  const rank = terms.dims.length;
  const isDirect = given === summed;
  const isKept = areAxesKept(isDirect ? node : summed, rank);
  const result = reduce(builder, "ReduceMean", value, axes, isKept);
  // Otherwise the sum's value lies as this one does, and views have moved its axes since.
  return isDirect ? result : flowing(builder, result.name, total.axes, total.dims);
}

/** Whether a tensor is another one's reduction repeated along the axes that were reduced, and along no others. */
function isRepeatedAlong(repeated: TracedNode, input: TracedNode, axes: readonly number[]): boolean {
  const kept = isCalled(repeated, "broadcastTo") ? repeated.inputs[0] : repeated;
  const dims = input.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return isCalled(kept, "reshape") && sameDims(kept.dims, dims) && !isCalled(kept.inputs[0], "reshape");
}

function softmax(site: Site<ElementwiseParameters>): Flowing | undefined {
  const [powers, total] = site.node.inputs;
  const [shifted] = powers.inputs;
  if (!isCalled(powers, "exp") || !isCalled(shifted, "subtract")) return undefined;
  const [x, largest] = shifted.inputs;
  const axes = reducedBy(behindViews(total));
  const isOf = (repeated: TracedNode, name: string, input: TracedNode) => {
    const reduced = behindViews(repeated);
    const isSame = isCalled(reduced, name) && reduced.inputs[0] === input;
    return isSame && reducedBy(reduced).join() === axes.join() && isRepeatedAlong(repeated, input, axes);
  };
  if (axes.length !== 1 || !isOf(total, "sum", powers) || !isOf(largest, "max", x)) return undefined;
  const value = whole(site.builder, site.valueOf(x), x.dims);
  const axis = value.axes.indexOf(axes[0]);
  const name = site.builder.node("Softmax", [value.name], { axis: { int: axis } });
  return flowing(site.builder, name, value.axes, value.dims);
}

/** The mean of each channel over all other axes. */
export const channelMean: Rule<Record<string, never>> = (site) =>
  reduceInput(site, "ReduceMean", wholeInput(site), axesOf(site.node.inputs[0].dims.length - 1));

export const channelVariance: Rule<Record<string, never>> = (site) => {
  const { builder } = site;
  const value = wholeInput(site);
  const axes = axesOf(value.axes.length - 1);
  const places = axes.map((axis) => value.axes.indexOf(axis)).sort((a, b) => a - b);
  const means = builder.node("ReduceMean", [value.name], { axes: { ints: places }, keepdims: { int: 1 } });
  const deviation = builder.node("Sub", [value.name, means]);
  const squares = builder.node("Mul", [deviation, deviation]);
  return reduceInput(site, "ReduceMean", flowing(builder, squares, value.axes, value.dims), axes);
};

export const cumulativeSum: Rule<CumulativeSumParameters> = (site) => {
  const { builder } = site;
  const parameters = parametersOf(site);
  const value = wholeInput(site);
  const { axis, exclusive, reverse } = parameters;
  const place = builder.constant(BigInt64Array.of(BigInt(value.axes.indexOf(axis))), []);
  const name = builder.node("CumSum", [value.name, place], {
    exclusive: { int: exclusive ? 1 : 0 },
    reverse: { int: reverse ? 1 : 0 },
  });
  return flowing(builder, name, value.axes, value.dims);
};

export const topIndices: Rule<TopIndicesParameters> = (site) => {
  const { builder, node, dims } = site;
  const parameters = parametersOf(site);
  const axes = axesOf(dims.length);
  const { name } = whole(builder, site.inputs[0], node.inputs[0].dims, axes);
  const [, places] = builder.nodeOf(
    "TopK",
    [name, builder.integers([parameters.count])],
    { axis: { int: -1 } },
    2,
  );
  return flowing(builder, builder.node("Cast", [places], { to: { int: INT32 } }), axes, dims, "int32");
};
