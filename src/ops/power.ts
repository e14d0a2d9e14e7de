/** @file Powers: whole exponents by multiplications, others by exp and log. */
import type { Cases } from "../graph/case.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import {
  applyElementwise,
  asTensor,
  defineElementwise,
  type ElementwiseParameters,
  type ElementwisePrimitive,
  type TensorLike,
} from "./elementwise.ts";
import { sqrt } from "./exponential.ts";
import { broadcastTo } from "./sum.ts";
import { emitExp, emitLog } from "./transcendental.ts";

/** xⁿ for n ≥ 1 by squaring. */
function emitWholePower(k: KernelBuilder, x: VectorExpression, exponent: number): VectorExpression {
  let square = k.let(x);
  let result: VectorExpression | undefined;
  for (let rest = exponent; ;) {
    if (rest % 2 === 1) result = result ? k.let(k.binary("multiply", result, square)) : square;
    rest = Math.floor(rest / 2);
    if (rest === 0) return result ?? square;
    square = k.let(k.binary("multiply", square, square));
  }
}

/** Beyond this many multiplications, rounding errors have grown to those of exp and log. */
const LARGEST_WHOLE_EXPONENT = 16;

export const wholePowerCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[1]], parameters: { values: [2] } },
  { shapes: [[5, 7]], parameters: { values: [3] } },
  { shapes: [[2, 3, 5]], parameters: { values: [16] } },
  { shapes: [[9]], parameters: { values: [7] } },
  { shapes: [[2053]], parameters: { values: [-2] }, values: ["positive"] },
];

export const wholePowerPrimitive: ElementwisePrimitive = defineElementwise({
  name: "wholePower",
  cost: 3,
  scalar: ([x], [exponent]) => x ** exponent,
  emit: (k, [x], [exponent]) => {
    const power = emitWholePower(k, x, Math.abs(exponent));
    return exponent > 0 ? power : k.binary("divide", k.constant(1), power);
  },
});

export const powerPrimitive: ElementwisePrimitive = defineElementwise({
  name: "power",
  cost: 56,
  scalar: ([x, y]) => Math.exp(y * Math.log(x)),
  emit: (k, [x, y]) => emitExp(k, k.binary("multiply", y, emitLog(k, x))),
});

export const powerCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[1], [1]], parameters: { values: [] }, values: ["positive", "normal"] },
  {
    shapes: [
      [2, 3, 5],
      [2, 3, 5],
    ],
    parameters: { values: [] },
    values: ["positive", "normal"],
  },
  { shapes: [[2051], [2051]], parameters: { values: [] }, values: ["positive", "normal"] },
];

/**
 * x to the power of `exponent`. Whole numbers from -16 to 16 take any x and have a relative error below 6e-7; 0.5 is the
 * square root. Other numbers and tensors go by e^(exponent·ln x): x must be positive (or 0 with a positive exponent, where
 * the result is 0), NaN otherwise, with a relative error below (|exponent·ln x| + 2)·2e-7.
 */
export function power(x: TensorLike, exponent: TensorLike): Tensor {
  if (typeof exponent === "number") {
    if (exponent === 0) return broadcastTo(asTensor(1), asTensor(x).shape);
    if (exponent === 1) return asTensor(x);
    if (exponent === 0.5) return sqrt(x);
    if (Number.isInteger(exponent) && Math.abs(exponent) <= LARGEST_WHOLE_EXPONENT) {
      return applyElementwise(wholePowerPrimitive, [x], [exponent]);
    }
  }
  return applyElementwise(powerPrimitive, [x, exponent]);
}

/** x². */
export function square(x: TensorLike): Tensor {
  return power(x, 2);
}
