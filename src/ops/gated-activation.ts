/**
 * @file Activations that multiply the input by a gate between 0 and 1: silu, mish and gelu. The derivative of
 * each is one operation too (gated-derivatives.ts), so that what is kept for the gradient is the input alone.
 */
import type { Cases } from "../graph/case.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { logistic } from "./activation.ts";
import {
  applyElementwise,
  defineElementwise,
  type ElementwiseParameters,
  type TensorLike,
} from "./elementwise.ts";
import { normalCumulative } from "./normal-distribution.ts";
import { emitExp, emitNormal, emitSigmoid } from "./transcendental.ts";

export const commonCases: Cases<ElementwiseParameters> = () =>
  [[1], [5, 7], [2, 3, 1, 3], [2053]].map((shape) => ({
    shapes: [shape],
    parameters: { values: [] },
  }));

export const siluPrimitive = defineElementwise({
  name: "silu",
  cost: 30,
  scalar: ([x]) => x * logistic(x),
  emit: (k, [x]) => {
    const argument = k.let(x);
    return k.binary("multiply", argument, emitSigmoid(k, argument));
  },
});

export const siluCases: Cases<ElementwiseParameters> = commonCases;

/**
 * x·sigmoid(x), also called swish (Elfwing et al. 2017, arXiv:1702.03118). Relative error below 5e-7, 0 below -88.7;
 * NaN at -infinity, as in PyTorch.
 */
export function silu(x: TensorLike): Tensor {
  return applyElementwise(siluPrimitive, [x]);
}

/** From here on mish(x) is x in float32, and (eˣ)⁴ is not yet infinite. */
const MISH_LINEAR = 20;

/** With w = eˣ and n = w·(w + 2): tanh(softplus(x)) = n / (n + 2). All terms are positive, so nothing cancels. */
export function emitMishParts(k: KernelBuilder, x: VectorExpression) {
  const bounded = k.let(k.binary("min", x, k.constant(MISH_LINEAR)));
  const w = k.let(emitExp(k, bounded));
  const n = k.let(k.multiplyAdd(w, w, k.binary("add", w, w)));
  const inverse = k.let(k.binary("divide", k.constant(1), k.binary("add", n, k.constant(2))));
  return { bounded, w, inverse, gate: k.binary("multiply", n, inverse) };
}

export function softplusOf(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export const mishPrimitive = defineElementwise({
  name: "mish",
  cost: 28,
  scalar: ([x]) => x * Math.tanh(softplusOf(x)),
  emit: (k, [x]) => {
    const argument = k.let(x);
    return k.binary("multiply", argument, emitMishParts(k, argument).gate);
  },
});

export const mishCases: Cases<ElementwiseParameters> = commonCases;

/**
 * x·tanh(softplus(x)) (Misra 2019, arXiv:1908.08681). Relative error below 6e-7, 0 below -87.3; NaN at -infinity, as in PyTorch.
 */
export function mish(x: TensorLike): Tensor {
  return applyElementwise(mishPrimitive, [x]);
}

/** √(2/π) and the cubic's coefficient of the tanh form of gelu. */
export const ROOT = Math.sqrt(2 / Math.PI);
export const CUBIC = 0.044715;

/**
 * Twice the argument of the tanh form: (1 + tanh u) / 2 = sigmoid(2u), which does not cancel for negative x. Gives also
 * its derivative.
 */
export function tanhFormArgument(x: number): { argument: number; slope: number } {
  return {
    argument: 2 * ROOT * (x + CUBIC * x ** 3),
    slope: 2 * ROOT * (1 + 3 * CUBIC * x ** 2),
  };
}

export function emitTanhFormArgument(
  k: KernelBuilder,
  x: VectorExpression,
): { argument: VectorExpression; slope: VectorExpression } {
  const square = k.let(k.binary("multiply", x, x));
  const factor = k.multiplyAdd(square, k.constant(2 * ROOT * CUBIC), k.constant(2 * ROOT));
  const slope = k.multiplyAdd(square, k.constant(6 * ROOT * CUBIC), k.constant(2 * ROOT));
  return { argument: k.binary("multiply", x, factor), slope };
}

export const geluTanhPrimitive = defineElementwise({
  name: "geluTanh",
  cost: 34,
  scalar: ([x]) => x * logistic(tanhFormArgument(x).argument),
  emit: (k, [x]) => {
    const bound = k.let(x);
    return k.binary("multiply", bound, emitSigmoid(k, emitTanhFormArgument(k, bound).argument));
  },
});

export const geluTanhCases: Cases<ElementwiseParameters> = commonCases;

export const geluPrimitive = defineElementwise({
  name: "gelu",
  cost: 40,
  scalar: ([x]) => x * normalCumulative(x),
  emit: (k, [x]) => {
    const bound = k.let(x);
    return k.binary("multiply", bound, emitNormal(k, bound).cumulative);
  },
});

export const geluCases: Cases<ElementwiseParameters> = commonCases;

export interface GeluOptions {
  /** true for the tanh form 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))). Default false: x·Φ(x) by the error function. */
  readonly approximate?: boolean;
}

const GELU_OPTIONS: OptionNames<GeluOptions> = { approximate: true };

/**
 * x·Φ(x) with the normal distribution function Φ (Hendrycks and Gimpel 2016, arXiv:1606.08415). Relative error below
 * 7e-7 + 6e-8·x² and absolute error below 3e-7·max(1, |x|), in both forms. Default exact, as in Keras and PyTorch.
 */
export function gelu(x: TensorLike, options: GeluOptions = {}): Tensor {
  checkOptions("gelu", options, GELU_OPTIONS, "x, ");
  return applyElementwise(options.approximate ? geluTanhPrimitive : geluPrimitive, [x]);
}
