/** @file Choosing between two tensors, element by element, and what follows from it: minimum, maximum, clip, abs. */
import { AuricleError } from "../errors.ts";
import type { Case, Cases } from "../graph/case.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import { less, subtract } from "./arithmetic.ts";
import {
  applyElementwise,
  defineElementwise,
  type ElementwiseParameters,
  type ElementwisePrimitive,
  type TensorLike,
} from "./elementwise.ts";
import { shownValue } from "../shown-value.ts";

const none = { values: [] };

export const wherePrimitive = defineElementwise({
  name: "where",
  cost: 2,
  scalar: ([condition, a, b]) => (condition !== 0 ? a : b),
  emit: (k, [condition, a, b]) => k.select(k.binary("notEqual", condition, k.constant(0)), a, b),
});

export const whereCases: Cases<ElementwiseParameters> = () => [
  {
    shapes: [
      [2, 3, 5],
      [2, 3, 5],
      [2, 3, 5],
    ],
    parameters: none,
    values: ["mask", "normal", "normal"],
    withoutGradient: "the condition has a kink; the gradient is tested in select.test.ts",
  },
  {
    shapes: [[2051], [2051], [2051]],
    parameters: none,
    values: ["mask", "normal", "normal"],
    withoutGradient: "the condition has a kink; the gradient is tested in select.test.ts",
  },
];

/** a where `condition` is not 0, else b; broadcasts. No gradient flows to the condition. */
export function where(condition: TensorLike, a: TensorLike, b: TensorLike): Tensor {
  return applyElementwise(wherePrimitive, [condition, a, b]);
}

export const whereEqualPrimitive = defineElementwise({
  name: "whereEqual",
  cost: 2,
  scalar: ([a, b, value]) => (a === b ? value : 0),
  emit: (k, [a, b, value]) => k.binary("and", k.binary("equal", a, b), value),
});

export const whereEqualCases: Cases<ElementwiseParameters> = () =>
  [
    [[1], [1], [1]],
    [[2051], [2051], [2051]],
  ].map((shapes): Case<ElementwiseParameters> => ({
    shapes,
    parameters: none,
    values: ["labels", "labels", "normal"],
    withoutGradient: "whole numbers are not to be moved; the gradient is tested in select.test.ts",
  }));

/** `value` where a and b are equal, else 0; broadcasts. No gradient flows to a and b. */
export function whereEqual(a: TensorLike, b: TensorLike, value: TensorLike): Tensor {
  return applyElementwise(whereEqualPrimitive, [a, b, value]);
}

const pairCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[1], [1]], parameters: none },
  {
    shapes: [
      [2, 3, 5],
      [2, 3, 5],
    ],
    parameters: none,
  },
  { shapes: [[2051], [2051]], parameters: none },
];

/** The machine's min and max drop a NaN in their second argument. */
function emitExtremum(
  k: KernelBuilder,
  operator: "min" | "max",
  a: VectorExpression,
  b: VectorExpression,
): VectorExpression {
  const second = k.let(b);
  return k.select(k.binary("equal", second, second), k.binary(operator, a, second), second);
}

export const maximumPrimitive: ElementwisePrimitive = defineElementwise({
  name: "maximum",
  cost: 3,
  scalar: ([a, b]) => Math.max(a, b),
  emit: (k, [a, b]) => emitExtremum(k, "max", a, b),
});

export const maximumCases: Cases<ElementwiseParameters> = pairCases;

export const minimumPrimitive: ElementwisePrimitive = defineElementwise({
  name: "minimum",
  cost: 3,
  scalar: ([a, b]) => Math.min(a, b),
  emit: (k, [a, b]) => emitExtremum(k, "min", a, b),
});

export const minimumCases: Cases<ElementwiseParameters> = pairCases;

/**
 * The larger of a and b; NaN where one of them is. Where they are equal each gets half of the gradient, as in PyTorch
 * and JAX (TensorFlow gives it all to a).
 */
export function maximum(a: TensorLike, b: TensorLike): Tensor {
  return applyElementwise(maximumPrimitive, [a, b]);
}

/** The smaller of a and b; NaN where one of them is. Ties as in {@link maximum}. */
export function minimum(a: TensorLike, b: TensorLike): Tensor {
  return applyElementwise(minimumPrimitive, [a, b]);
}

export const clipPrimitive = defineElementwise({
  name: "clip",
  cost: 2,
  scalar: ([x], [low, high]) => (x < low ? low : x > high ? high : x),
  emit: (k, [x], [low, high]) => k.binary("min", k.binary("max", x, k.constant(low)), k.constant(high)),
});

export const clipCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[1]], parameters: { values: [-0.5, 0.25] } },
  { shapes: [[3, 7]], parameters: { values: [-0.5, 0.25] } },
  { shapes: [[2051]], parameters: { values: [0.5, 1] } },
];

/**
 * x bounded to low … high; NaN stays. The gradient is 1 from low to high, both included (PyTorch's `clamp`), else 0.
 * @throws AuricleError "argument" unless both bounds are finite and low ≤ high.
 */
export function clip(x: TensorLike, low: number, high: number): Tensor {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw new AuricleError(
      "argument",
      `clip: bounds must be finite, the first not above the second; got ${shownValue(low)} and ${shownValue(high)}; use minimum or maximum for one bound`,
    );
  }
  return applyElementwise(clipPrimitive, [x], [low, high]);
}

export const absPrimitive = defineElementwise({
  name: "abs",
  cost: 1,
  scalar: ([x]) => Math.abs(x),
  emit: (k, [x]) => k.unary("abs", x),
});

export const absCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[1]], parameters: none, values: ["separated"] },
  { shapes: [[3, 7]], parameters: none, values: ["separated"] },
  { shapes: [[2051]], parameters: none, values: ["separated"] },
];

/** |x|. The gradient at 0 is 0. */
export function abs(x: TensorLike): Tensor {
  return applyElementwise(absPrimitive, [x]);
}

/** 1 above 0, -1 below, 0 at 0 and for NaN. No gradient. */
export function sign(x: TensorLike): Tensor {
  return subtract(less(0, x), less(x, 0));
}
