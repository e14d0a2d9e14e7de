/** @file exp, log, sqrt and tanh, element by element. */
import type { Cases } from "../graph/case.ts";
import type { Tensor } from "../graph/tensor.ts";
import {
  applyElementwise,
  defineElementwise,
  type TensorLike,
  type ElementwiseParameters,
} from "./elementwise.ts";
import { emitExp, emitExpm1, emitLog, emitLog1p, emitTanh } from "./transcendental.ts";

const none = { values: [] };

export const expPrimitive = defineElementwise({
  name: "exp",
  cost: 24,
  scalar: ([x]) => Math.exp(x),
  emit: (k, [x]) => emitExp(k, x),
});

export const expCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[37]], parameters: none },
  { shapes: [[2053]], parameters: none },
];

/** eˣ; relative error below 2e-7. */
export function exp(x: TensorLike): Tensor {
  return applyElementwise(expPrimitive, [x]);
}

export const logPrimitive = defineElementwise({
  name: "log",
  cost: 30,
  scalar: ([x]) => Math.log(x),
  emit: (k, [x]) => emitLog(k, x),
});

export const logCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[37]], parameters: none, values: ["positive"] },
  { shapes: [[2053]], parameters: none, values: ["positive"] },
];

/** Natural logarithm; relative error below 2e-7. */
export function log(x: TensorLike): Tensor {
  return applyElementwise(logPrimitive, [x]);
}

export const expm1Primitive = defineElementwise({
  name: "expm1",
  cost: 26,
  scalar: ([x]) => Math.expm1(x),
  emit: (k, [x]) => emitExpm1(k, x),
});

export const expm1Cases: Cases<ElementwiseParameters> = () => [
  { shapes: [[37]], parameters: none },
  { shapes: [[2053]], parameters: none },
];

/** eˣ - 1, also where eˣ is near 1; relative error below 3e-7. */
export function expm1(x: TensorLike): Tensor {
  return applyElementwise(expm1Primitive, [x]);
}

export const log1pPrimitive = defineElementwise({
  name: "log1p",
  cost: 36,
  scalar: ([x]) => Math.log1p(x),
  emit: (k, [x]) => emitLog1p(k, x),
});

export const log1pCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[37]], parameters: none, values: ["positive"] },
  { shapes: [[2053]], parameters: none, values: ["positive"] },
];

/** ln(1 + x), also where x is near 0; relative error below 4e-7. */
export function log1p(x: TensorLike): Tensor {
  return applyElementwise(log1pPrimitive, [x]);
}

export const sqrtPrimitive = defineElementwise({
  name: "sqrt",
  cost: 4,
  scalar: ([x]) => Math.sqrt(x),
  emit: (k, [x]) => k.unary("sqrt", x),
});

export const sqrtCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[11]], parameters: none, values: ["positive"] },
];

/** Square root. */
export function sqrt(x: TensorLike): Tensor {
  return applyElementwise(sqrtPrimitive, [x]);
}

export const tanhPrimitive = defineElementwise({
  name: "tanh",
  cost: 20,
  scalar: ([x]) => Math.tanh(x),
  emit: (k, [x]) => emitTanh(k, x),
});

export const tanhCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[37]], parameters: none },
  { shapes: [[2053]], parameters: none },
];

/** Hyperbolic tangent; relative error below 4e-7. */
export function tanh(x: TensorLike): Tensor {
  return applyElementwise(tanhPrimitive, [x]);
}
