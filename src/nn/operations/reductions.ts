/** @file Operations over axes: sums, extrema, norms, places of extrema, cumulative sums. */
import type { Tensor } from "../../graph/tensor.ts";
import { divide, multiply, subtract } from "../../ops/arithmetic.ts";
import { equal } from "../../ops/arithmetic.ts";
import { cumulativeSum } from "../../ops/cumulative-sum.ts";
import { exp, log, sqrt } from "../../ops/exponential.ts";
import { argMax, argMin } from "../../ops/extreme-index.ts";
import { logSumExp } from "../../ops/log-sum-exp.ts";
import { product } from "../../ops/product.ts";
import { max, mean, min } from "../../ops/reduce.ts";
import { expandDims } from "../../ops/reshape-axes.ts";
import { reshape } from "../../ops/reshape.ts";
import { reverse } from "../../ops/reverse.ts";
import { abs, maximum } from "../../ops/select.ts";
import { logSoftmax, softmax } from "../../ops/softmax.ts";
import { sum } from "../../ops/sum.ts";
import { topK } from "../../ops/top-k.ts";
import { negative } from "../../ops/arithmetic.ts";
import { constantTensor, indexTensor } from "../../graph/sources.ts";
import { toFloat, toInt } from "../../ops/cast.ts";
import { normalizeAxis, sizeOf, type Shape } from "../../tensor/shape.ts";
import type { Call, Result } from "./call.ts";
import type { OperationFunction } from "./operation.ts";

type Reduce = (x: Tensor, axes: readonly number[], keep: boolean) => Tensor;

/** Reduces over the axes of the second input or of the attribute; over all where there are none, unless that is to do nothing. */
const reduction =
  (reduce: Reduce): OperationFunction =>
  (call) => {
    const x = call.numbers(0);
    const listed = (call.list(1) ?? call.numbersNamed("axes") ?? []).map((axis) =>
      normalizeAxis(axis, x.shape.length, "axes"),
    );
    if (listed.length === 0 && call.flag("noop_with_empty_axes")) {
      return [reduce(reshape(x, [...x.shape, 1]), [x.shape.length], false)];
    }
    const axes = listed.length > 0 ? listed : x.shape.map((_, axis) => axis);
    if (axes.length === 0) return [reduce(reshape(x, [1]), [0], false)];
    if (axes.some((axis) => x.shape[axis] === 0)) call.refuse("a reduction over an empty axis");
    return [reduce(x, axes, call.flag("keepdims", true))];
  };

const squares = (x: Tensor) => multiply(x, x);

/** The softmax of earlier opsets takes all axes from one on as one. */
function together(call: Call, apply: (x: Tensor, axis: number) => Tensor): Tensor {
  const x = call.numbers(0);
  const rank = x.shape.length;
  if (!call.flag("flatten")) return apply(x, call.axis("axis", -1));
  const at = call.axis("axis", 1, rank);
  const rows = reshape(x, [sizeOf(x.shape.slice(0, at)), sizeOf(x.shape.slice(at))]);
  return reshape(apply(rows, 1), x.shape);
}

/** 1 at the first of the largest, 0 elsewhere. */
function hardmax(x: Tensor, axis: number): Tensor {
  const places = toFloat(indexTensor(x.shape, x.shape.map((_, i) => (i === axis ? 1 : 0)))); // prettier-ignore
  return equal(places, toFloat(expandDims(argMax(x, axis), axis)));
}

const extremePlace =
  (find: typeof argMax): OperationFunction =>
  (call) => {
    const x = call.numbers(0);
    const axis = call.axis("axis", 0);
    const last = call.flag("select_last_index");
    const found = find(last ? reverse(x, axis) : x, axis);
    const places = last ? toInt(subtract(x.shape[axis] - 1, toFloat(found))) : found;
    const tensor = call.flag("keepdims", true) ? expandDims(places, axis) : places;
    return [{ type: "int64", shape: tensor.shape, tensor, most: x.shape[axis] }];
  };

function largest(call: Call): Result[] {
  const x = call.numbers(0);
  const axis = call.axis("axis", -1);
  const count = call.scalar(1) ?? call.number("k");
  if (count === 0) call.refuse("TopK of none");
  const isLargest = call.flag("largest", true);
  const { values, indices } = topK(isLargest ? x : negative(x), count, axis);
  const { type } = call.value(0);
  const found = isLargest ? values : negative(values);
  return [
    { type, shape: found.shape, tensor: found },
    { type: "int64", shape: indices.shape, tensor: indices, most: x.shape[axis] },
  ];
}

function cumulative(call: Call): Tensor {
  const x = call.numbers(0);
  const axis = normalizeAxis(call.scalar(1) ?? 0, x.shape.length, "axis");
  return cumulativeSum(x, axis, { exclusive: call.flag("exclusive"), reverse: call.flag("reverse") });
}

function normalizedBy(call: Call): Tensor {
  const x = call.numbers(0);
  const axis = call.axis("axis", -1);
  const norm = call.number("p", 2) === 1 ? sum(abs(x), axis, true) : sqrt(sum(squares(x), axis, true));
  // 0 / 0 is 0 there.
  return divide(x, maximum(norm, 1e-30));
}

/** A tensor of the shape in which only one axis counts up from 0. */
export function placesAlong(shape: Shape, axis: number): Tensor {
  return constantTensor({
    shape: shape.map((length, i) => (i === axis ? length : 1)),
    data: Float32Array.from({ length: shape[axis] }, (_, i) => i),
  });
}

/** Operations over axes, by ONNX's names. */
export const REDUCTIONS = {
  ArgMax: extremePlace(argMax),
  ArgMin: extremePlace(argMin),
  CumSum: (call) => [cumulative(call)],
  Hardmax: (call) => [together(call, hardmax)],
  LogSoftmax: (call) => [together(call, logSoftmax)],
  LpNormalization: (call) => [normalizedBy(call)],
  ReduceL1: reduction((x, axes, keep) => sum(abs(x), axes, keep)),
  ReduceL2: reduction((x, axes, keep) => sqrt(sum(squares(x), axes, keep))),
  ReduceLogSum: reduction((x, axes, keep) => log(sum(x, axes, keep))),
  ReduceLogSumExp: reduction((x, axes, keep) => logSumExp(x, axes, keep)),
  ReduceMax: reduction(max),
  ReduceMean: reduction(mean),
  ReduceMin: reduction(min),
  ReduceProd: reduction(product),
  ReduceSum: reduction(sum),
  ReduceSumSquare: reduction((x, axes, keep) => sum(squares(x), axes, keep)),
  Softmax: (call) => [together(call, softmax)],
  TopK: largest,
} satisfies Record<string, OperationFunction>;

/** e^x / Σ e^x along an axis, without the engine's rule for it: for composites. */
export function plainSoftmax(x: Tensor, axis: number): Tensor {
  const powers = exp(subtract(x, max(x, axis, true)));
  return divide(powers, sum(powers, axis, true));
}
