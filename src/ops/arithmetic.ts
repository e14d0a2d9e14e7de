/** @file Sums, differences, products, quotients and comparisons, element by element with broadcasting. */
import type { Tensor } from "../graph/tensor.ts";
import {
  applyElementwise,
  defineElementwise,
  type ElementwiseParameters,
  type TensorLike,
} from "./elementwise.ts";
import type { Cases } from "../graph/case.ts";

const none = { values: [] };
const pairCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[7], [7]], parameters: none },
  {
    shapes: [
      [2, 3, 5],
      [2, 3, 5],
    ],
    parameters: none,
  },
  { shapes: [[1], [1]], parameters: none },
];
const stepCases: Cases<ElementwiseParameters> = () =>
  pairCases().map((one) => ({ ...one, withoutGradient: "constant between its steps" }));

export const addPrimitive = defineElementwise({
  name: "add",
  cost: 1,
  arithmetic: "add",
  scalar: ([a, b]) => a + b,
  emit: (k, [a, b]) => k.binary("add", a, b),
});

export const addCases: Cases<ElementwiseParameters> = pairCases;

export const subtractPrimitive = defineElementwise({
  name: "subtract",
  cost: 1,
  arithmetic: "subtract",
  scalar: ([a, b]) => a - b,
  emit: (k, [a, b]) => k.binary("subtract", a, b),
});

export const subtractCases: Cases<ElementwiseParameters> = pairCases;

export const multiplyPrimitive = defineElementwise({
  name: "multiply",
  cost: 1,
  arithmetic: "multiply",
  scalar: ([a, b]) => a * b,
  emit: (k, [a, b]) => k.binary("multiply", a, b),
});

export const multiplyCases: Cases<ElementwiseParameters> = pairCases;

export const dividePrimitive = defineElementwise({
  name: "divide",
  cost: 3,
  scalar: ([a, b]) => a / b,
  emit: (k, [a, b]) => k.binary("divide", a, b),
});

export const divideCases: Cases<ElementwiseParameters> = () =>
  pairCases().map((one) => ({ ...one, values: ["normal", "positive"] as const }));

export const negativePrimitive = defineElementwise({
  name: "negative",
  cost: 1,
  scalar: ([a]) => -a,
  emit: (k, [a]) => k.unary("negate", a),
});

export const negativeCases: Cases<ElementwiseParameters> = () => [{ shapes: [[6]], parameters: none }];

export const equalPrimitive = defineElementwise({
  name: "equal",
  cost: 2,
  scalar: ([a, b]) => (a === b ? 1 : 0),
  emit: (k, [a, b]) => k.binary("and", k.binary("equal", a, b), k.constant(1)),
});

export const equalCases: Cases<ElementwiseParameters> = () =>
  stepCases().map((one) => ({ ...one, values: ["labels", "labels"] as const }));

export const lessPrimitive = defineElementwise({
  name: "less",
  cost: 2,
  scalar: ([a, b]) => (a < b ? 1 : 0),
  emit: (k, [a, b]) => k.binary("and", k.binary("less", a, b), k.constant(1)),
});

export const lessCases: Cases<ElementwiseParameters> = stepCases;

export const lessEqualPrimitive = defineElementwise({
  name: "lessEqual",
  cost: 2,
  scalar: ([a, b]) => (a <= b ? 1 : 0),
  emit: (k, [a, b]) => k.binary("and", k.binary("lessEqual", a, b), k.constant(1)),
});

export const lessEqualCases: Cases<ElementwiseParameters> = () =>
  stepCases().map((one) => ({ ...one, values: ["labels", "labels"] as const }));

/** a + b. */
export function add(a: TensorLike, b: TensorLike): Tensor {
  return applyElementwise(addPrimitive, [a, b]);
}

/** a - b. */
export function subtract(a: TensorLike, b: TensorLike): Tensor {
  return applyElementwise(subtractPrimitive, [a, b]);
}

/** a · b, element by element. */
export function multiply(a: TensorLike, b: TensorLike): Tensor {
  return applyElementwise(multiplyPrimitive, [a, b]);
}

/** a / b. */
export function divide(a: TensorLike, b: TensorLike): Tensor {
  return applyElementwise(dividePrimitive, [a, b]);
}

/** -a. */
export function negative(a: TensorLike): Tensor {
  return applyElementwise(negativePrimitive, [a]);
}

/** 1 where a = b, else 0. No gradient, like all comparisons. */
export function equal(a: TensorLike, b: TensorLike): Tensor {
  return applyElementwise(equalPrimitive, [a, b]);
}

/** 1 where a < b, else 0. */
export function less(a: TensorLike, b: TensorLike): Tensor {
  return applyElementwise(lessPrimitive, [a, b]);
}

/** 1 where a ≤ b, else 0. */
export function lessEqual(a: TensorLike, b: TensorLike): Tensor {
  return applyElementwise(lessEqualPrimitive, [a, b]);
}

/** 1 where a > b, else 0. */
export function greater(a: TensorLike, b: TensorLike): Tensor {
  return less(b, a);
}

/** 1 where a ≥ b, else 0. */
export function greaterEqual(a: TensorLike, b: TensorLike): Tensor {
  return lessEqual(b, a);
}
