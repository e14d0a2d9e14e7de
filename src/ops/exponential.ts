/** @file exp, log, sqrt and tanh, element by element. */
import type { Tensor } from "../graph/tensor.ts";
import { divide, multiply, subtract } from "./arithmetic.ts";
import { applyElementwise, defineElementwise, type TensorLike } from "./elementwise.ts";
import { emitExp, emitLog, emitTanh } from "./transcendental.ts";

const none = { values: [] };

export const expPrimitive = defineElementwise({
  name: "exp",
  cost: 24,
  scalar: ([x]) => Math.exp(x),
  emit: (k, [x]) => emitExp(k, x),
  gradient: (gradient, _inputs, _parameters, output) => [multiply(gradient, output)],
  cases: [
    { shapes: [[37]], parameters: none },
    { shapes: [[2053]], parameters: none },
  ],
});

/** eˣ; relative error below 2e-7. */
export function exp(x: TensorLike): Tensor {
  return applyElementwise(expPrimitive, [x]);
}

export const logPrimitive = defineElementwise({
  name: "log",
  cost: 30,
  scalar: ([x]) => Math.log(x),
  emit: (k, [x]) => emitLog(k, x),
  gradient: (gradient, [x]) => [divide(gradient, x)],
  cases: [
    { shapes: [[37]], parameters: none, values: ["positive"] },
    { shapes: [[2053]], parameters: none, values: ["positive"] },
  ],
});

/** Natural logarithm; relative error below 2e-7. */
export function log(x: TensorLike): Tensor {
  return applyElementwise(logPrimitive, [x]);
}

export const sqrtPrimitive = defineElementwise({
  name: "sqrt",
  cost: 4,
  scalar: ([x]) => Math.sqrt(x),
  emit: (k, [x]) => k.unary("sqrt", x),
  gradient: (gradient, _inputs, _parameters, output) => [divide(multiply(gradient, 0.5), output)],
  cases: [{ shapes: [[11]], parameters: none, values: ["positive"] }],
});

/** Square root. */
export function sqrt(x: TensorLike): Tensor {
  return applyElementwise(sqrtPrimitive, [x]);
}

export const tanhPrimitive = defineElementwise({
  name: "tanh",
  cost: 20,
  scalar: ([x]) => Math.tanh(x),
  emit: (k, [x]) => emitTanh(k, x),
  gradient: (gradient, _inputs, _parameters, output) => [
    multiply(gradient, subtract(1, multiply(output, output))),
  ],
  cases: [
    { shapes: [[37]], parameters: none },
    { shapes: [[2053]], parameters: none },
  ],
});

/** Hyperbolic tangent; relative error below 4e-7. */
export function tanh(x: TensorLike): Tensor {
  return applyElementwise(tanhPrimitive, [x]);
}
