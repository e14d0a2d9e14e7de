/** @file From whole numbers to floats: conversion and one-hot rows. */
import type { Cases } from "../graph/case.ts";
import { indexTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { AuricleError } from "../errors.ts";
import { equal } from "./arithmetic.ts";
import { defineOperation } from "../graph/define.ts";
import type { ElementwiseFunction } from "../kernels/expression.ts";
import { sizeOf } from "../tensor/shape.ts";
import {
  applyElementwise,
  asTensor,
  defineElementwise,
  type ElementwiseParameters,
  type TensorLike,
} from "./elementwise.ts";
import { reshape } from "./reshape.ts";
import { broadcastTo } from "./sum.ts";
import { shownValue } from "../shown-value.ts";

export const toFloatPrimitive = defineElementwise({
  name: "toFloat",
  cost: 1,
  readsInt32: true,
  scalar: ([x]) => x,
  emit: (k, [x]) => k.unary("toFloat", x),
});

export const toFloatCases: Cases<ElementwiseParameters> = () =>
  [[7], [3, 41]].map((shape) => ({
    shapes: [shape],
    parameters: { values: [] },
    values: ["bits"],
    withoutGradient: "takes whole numbers",
  }));

/** int32 as float32, exact up to 2²⁴; a float32 tensor is returned as it is. */
export function toFloat(x: Tensor): Tensor {
  return x.dtype === "int32" ? applyElementwise(toFloatPrimitive, [x]) : x;
}

const truncate: ElementwiseFunction = { name: "toInt", cost: 1, emit: (k, [x]) => k.unary("toInt", x) };

export const toIntPrimitive = defineOperation<ElementwiseParameters>({
  name: "toInt",
  shape: ([{ shape }]) => shape,
  dtype: () => "int32",
  structure: () => ({ kind: "elementwise", function: truncate, parameters: [] }),
  reference: ([{ data }], _, shape) =>
    Float64Array.from({ length: sizeOf(shape) }, (_, i) =>
      Math.trunc(Math.min(Math.max(data[i] || 0, -(2 ** 31)), 2 ** 31 - 1)),
    ),
});

export const toIntCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[7]], parameters: { values: [] }, withoutGradient: "constant between its steps" },
  { shapes: [[3, 41]], parameters: { values: [] }, withoutGradient: "constant between its steps" },
];

/**
 * float32 as int32, without what comes after the point; round, floor or ceil first for another whole number. NaN gives 0, and
 * numbers beyond int32 its largest and smallest. An int32 tensor is returned as it is. No gradient.
 */
export function toInt(x: TensorLike): Tensor {
  const tensor = asTensor(x);
  return tensor.dtype === "int32" ? tensor : toIntPrimitive([tensor], { values: [] });
}

/**
 * Rows of zeros with a one at each label: int32 labels `[…]` to float32 `[…, depth]`. A label outside 0 … depth-1
 * gives a row of zeros. Takes no memory where it is used in element-by-element arithmetic or a reduction.
 * @throws AuricleError "argument" unless labels are int32 and depth is a positive integer up to 2²⁴.
 */
export function oneHot(labels: Tensor, depth: number): Tensor {
  if (labels.dtype !== "int32") {
    throw new AuricleError("argument", `oneHot: labels must be int32; got ${labels.dtype}`);
  }
  if (!Number.isInteger(depth) || depth < 1 || depth > 2 ** 24) {
    throw new AuricleError(
      "argument",
      `oneHot: depth must be an integer in 1 … 2^24; got ${shownValue(depth)}`,
    );
  }
  const shape = [...labels.shape, depth];
  const classes = indexTensor(shape, [...labels.shape.map(() => 0), 1]);
  const repeated = broadcastTo(reshape(labels, [...labels.shape, 1]), shape);
  return equal(toFloat(repeated), toFloat(classes));
}
