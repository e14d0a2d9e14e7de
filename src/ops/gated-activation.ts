/**
 * @file Activations that multiply the input by a gate between 0 and 1: silu, mish and gelu. Value and derivative are
 * one operation each, so that what is kept for the gradient is the input alone.
 */
import type { Cases } from "../graph/case.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { logistic, sigmoid, softplus } from "./activation.ts";
import { add, multiply, subtract } from "./arithmetic.ts";
import {
  applyElementwise,
  defineElementwise,
  type ElementwiseParameters,
  type TensorLike,
} from "./elementwise.ts";
import { exp, tanh } from "./exponential.ts";
import { emitExp, emitNormal, emitSigmoid } from "./transcendental.ts";

const commonCases: Cases<ElementwiseParameters> = () =>
  [[1], [5, 7], [2, 3, 1, 3], [2053]].map((shape) => ({
    shapes: [shape],
    parameters: { values: [] },
  }));

/** s·(1 + slope·x·(1 - s)): the derivative of x·s(u(x)) with the sigmoid s and u' = slope. */
function gateDerivative(
  k: KernelBuilder,
  gate: VectorExpression,
  x: VectorExpression,
  slope: VectorExpression,
): VectorExpression {
  const bound = k.let(gate);
  const rest = k.binary(
    "multiply",
    k.binary("subtract", k.constant(1), bound),
    k.binary("multiply", x, slope),
  );
  return k.multiplyAdd(bound, rest, bound);
}

export const siluPrimitive = defineElementwise({
  name: "silu",
  cost: 30,
  scalar: ([x]) => x * logistic(x),
  emit: (k, [x]) => {
    const argument = k.let(x);
    return k.binary("multiply", argument, emitSigmoid(k, argument));
  },
  gradient: (gradient, [x]) => [multiply(gradient, applyElementwise(siluDerivativePrimitive, [x]))],
});

export const siluCases: Cases<ElementwiseParameters> = commonCases;

export const siluDerivativePrimitive = defineElementwise({
  name: "siluDerivative",
  cost: 33,
  scalar: ([x]) => logistic(x) * (1 + x * logistic(-x)),
  emit: (k, [x]) => {
    const argument = k.let(x);
    return gateDerivative(k, emitSigmoid(k, argument), argument, k.constant(1));
  },
  // (x·s)″ = s'·(2 + x·(1 - 2s)) with s' = s·(1 - s).
  gradient: (gradient, [x]) => {
    const s = sigmoid(x);
    const slope = multiply(s, subtract(1, s));
    const curve = add(2, multiply(x, subtract(1, multiply(2, s))));
    return [multiply(gradient, multiply(slope, curve))];
  },
});

export const siluDerivativeCases: Cases<ElementwiseParameters> = commonCases;

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
function emitMishParts(k: KernelBuilder, x: VectorExpression) {
  const bounded = k.let(k.binary("min", x, k.constant(MISH_LINEAR)));
  const w = k.let(emitExp(k, bounded));
  const n = k.let(k.multiplyAdd(w, w, k.binary("add", w, w)));
  const inverse = k.let(k.binary("divide", k.constant(1), k.binary("add", n, k.constant(2))));
  return { bounded, w, inverse, gate: k.binary("multiply", n, inverse) };
}

function softplusOf(x: number): number {
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
  gradient: (gradient, [x]) => [multiply(gradient, applyElementwise(mishDerivativePrimitive, [x]))],
});

export const mishCases: Cases<ElementwiseParameters> = commonCases;

export const mishDerivativePrimitive = defineElementwise({
  name: "mishDerivative",
  cost: 34,
  scalar: ([x]) => {
    const gate = Math.tanh(softplusOf(x));
    return gate + x * (1 - gate * gate) * logistic(x);
  },
  // x·(1 - tanh²)·sigmoid = 4·x·w·(1 + w) / (n + 2)².
  emit: (k, [x]) => {
    const { bounded, w, inverse, gate } = emitMishParts(k, k.let(x));
    const rise = k.binary("multiply", k.multiplyAdd(w, w, w), k.binary("multiply", inverse, inverse));
    return k.multiplyAdd(k.binary("multiply", bounded, k.constant(4)), rise, gate);
  },
  // With the gate t, s = sigmoid(x) and q = 1 - t²: (x·t)″ = q·s·(2 + x·(1 - s - 2·t·s)).
  gradient: (gradient, [x]) => {
    const gate = tanh(softplus(x));
    const s = sigmoid(x);
    const slope = multiply(subtract(1, multiply(gate, gate)), s);
    const bend = subtract(subtract(1, s), multiply(2, multiply(gate, s)));
    return [multiply(gradient, multiply(slope, add(2, multiply(x, bend))))];
  },
});

export const mishDerivativeCases: Cases<ElementwiseParameters> = commonCases;

/**
 * x·tanh(softplus(x)) (Misra 2019, arXiv:1908.08681). Relative error below 6e-7, 0 below -87.3; NaN at -infinity, as in PyTorch.
 */
export function mish(x: TensorLike): Tensor {
  return applyElementwise(mishPrimitive, [x]);
}

/** √(2/π) and the cubic's coefficient of the tanh form of gelu. */
const ROOT = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

/**
 * Twice the argument of the tanh form: (1 + tanh u) / 2 = sigmoid(2u), which does not cancel for negative x. Gives also
 * its derivative.
 */
function tanhFormArgument(x: number): { argument: number; slope: number } {
  return {
    argument: 2 * ROOT * (x + CUBIC * x ** 3),
    slope: 2 * ROOT * (1 + 3 * CUBIC * x ** 2),
  };
}

function emitTanhFormArgument(
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
  gradient: (gradient, [x]) => [multiply(gradient, applyElementwise(geluTanhDerivativePrimitive, [x]))],
});

export const geluTanhCases: Cases<ElementwiseParameters> = commonCases;

export const geluTanhDerivativePrimitive = defineElementwise({
  name: "geluTanhDerivative",
  cost: 38,
  scalar: ([x]) => {
    const { argument, slope } = tanhFormArgument(x);
    return logistic(argument) * (1 + x * slope * logistic(-argument));
  },
  emit: (k, [x]) => {
    const bound = k.let(x);
    const { argument, slope } = emitTanhFormArgument(k, bound);
    return gateDerivative(k, emitSigmoid(k, argument), bound, slope);
  },
  // (x·s(u))″ = s'·(2u' + x·u″ + x·u'²·(1 - 2s)).
  gradient: (gradient, [x]) => {
    const square = multiply(x, x);
    const s = sigmoid(multiply(x, add(multiply(square, 2 * ROOT * CUBIC), 2 * ROOT)));
    const slope = add(multiply(square, 6 * ROOT * CUBIC), 2 * ROOT);
    const bend = multiply(square, 12 * ROOT * CUBIC);
    const curve = multiply(multiply(x, multiply(slope, slope)), subtract(1, multiply(2, s)));
    const total = add(add(multiply(2, slope), bend), curve);
    return [multiply(gradient, multiply(multiply(s, subtract(1, s)), total))];
  },
});

export const geluTanhDerivativeCases: Cases<ElementwiseParameters> = commonCases;

/** Φ in double precision: the Taylor series of erf near 0, Lentz's continued fraction of erfc beyond. */
export function normalCumulative(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  let tail: number;
  if (z < 2) {
    // erf z = 2/√π · e^(-z²) · Σ 2ⁿ z^(2n+1) / (2n+1)!!
    let term = z;
    let sum = z;
    for (let n = 1; n < 80; n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    tail = 0.5 - (sum * Math.exp(-z * z)) / Math.sqrt(Math.PI);
  } else {
    // erfc z = e^(-z²)/√π · 1 / (z + ½ / (z + 1 / (z + 3⁄2 / (z + …
    let fraction = z;
    for (let n = 120; n > 0; n--) fraction = z + n / 2 / fraction;
    tail = Math.exp(-z * z) / (2 * Math.sqrt(Math.PI) * fraction);
  }
  return x < 0 ? tail : 1 - tail;
}

/** φ in double precision. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

export const geluPrimitive = defineElementwise({
  name: "gelu",
  cost: 40,
  scalar: ([x]) => x * normalCumulative(x),
  emit: (k, [x]) => {
    const bound = k.let(x);
    return k.binary("multiply", bound, emitNormal(k, bound).cumulative);
  },
  gradient: (gradient, [x]) => [multiply(gradient, applyElementwise(geluDerivativePrimitive, [x]))],
});

export const geluCases: Cases<ElementwiseParameters> = commonCases;

export const geluDerivativePrimitive = defineElementwise({
  name: "geluDerivative",
  cost: 43,
  scalar: ([x]) => normalCumulative(x) + x * normalDensity(x),
  emit: (k, [x]) => {
    const bound = k.let(x);
    const { cumulative, density } = emitNormal(k, bound);
    return k.multiplyAdd(bound, density, cumulative);
  },
  // (x·Φ)″ = φ·(2 - x²).
  gradient: (gradient, [x]) => {
    const square = multiply(x, x);
    const density = multiply(exp(multiply(square, -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return [multiply(gradient, multiply(density, subtract(2, square)))];
  },
});

export const geluDerivativeCases: Cases<ElementwiseParameters> = commonCases;

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
