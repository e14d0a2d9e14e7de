/**
 * @file exp, log, sqrt and tanh in vector arithmetic. Bounds of the relative errors stand with each and are
 * checked by the tests over the whole range.
 */
import type { Tensor } from "../graph/tensor.ts";
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import { divide, multiply, subtract } from "./arithmetic.ts";
import { applyElementwise, defineElementwise, type TensorLike } from "./elementwise.ts";

const none = { values: [] };

/** c₀ + c₁x + c₂x² + …, by Horner's rule. */
function polynomial(
  k: KernelBuilder,
  x: VectorExpression,
  coefficients: readonly number[],
): VectorExpression {
  return coefficients
    .slice(0, -1)
    .reduceRight(
      (value, coefficient) => k.multiplyAdd(value, x, k.constant(coefficient)),
      k.constant(coefficients[coefficients.length - 1]),
    );
}

/**
 * eˣ = 2ⁿ·eʳ with n = round(x / ln 2) and |r| ≤ ln 2 / 2; the polynomial is Cephes' `expf`. Relative error below 2e-7;
 * 0 below -87.3 and infinity above 88.7, as float32 has it but for the subnormal results.
 */
export function emitExp(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const argument = k.let(x);
  // A number plus 1.5·2²³ has its integer part in the low bits: rounding and conversion in one addition.
  const magic = k.constant(12582912);
  const clamped = k.let(
    k.binary("max", k.binary("min", argument, k.constant(88.7228317)), k.constant(-87.3365402)),
  );
  const shifted = k.let(k.multiplyAdd(clamped, k.constant(Math.LOG2E), magic));
  const n = k.let(k.binary("subtract", shifted, magic));
  const high = k.multiplyAdd(n, k.constant(-0.693359375), clamped);
  const r = k.let(k.multiplyAdd(n, k.constant(2.1219444e-4), high));
  const tail = polynomial(
    k,
    r,
    [5.0000001201e-1, 1.6666665459e-1, 4.1665795894e-2, 8.3334519073e-3, 1.3981999507e-3, 1.98756915e-4],
  );
  const mantissa = k.binary("add", k.multiplyAdd(tail, k.binary("multiply", r, r), r), k.constant(1));
  // 2ⁿ in two factors, since n = 128 does not fit one exponent.
  const half = k.let(k.shift("shiftRightSigned", k.shift("shiftLeft", shifted, 10), 11));
  const bits = k.let(k.shift("shiftRightSigned", k.shift("shiftLeft", shifted, 10), 10));
  const bias = k.intConstant(127);
  const first = k.shift("shiftLeft", k.binary("intAdd", half, bias), 23);
  const second = k.shift("shiftLeft", k.binary("intAdd", k.binary("intSubtract", bits, half), bias), 23);
  const value = k.binary("multiply", k.binary("multiply", mantissa, first), second);
  const tooSmall = k.binary("less", argument, k.constant(-87.3365402));
  const tooLarge = k.binary("less", k.constant(88.7228317), argument);
  return k.select(tooSmall, k.constant(0), k.select(tooLarge, k.constant(Infinity), value));
}

export const expPrimitive = defineElementwise({
  name: "exp",
  cost: 24,
  scalar: ([x]) => Math.exp(x),
  emit: (k, [x]) => emitExp(k, x),
  gradient: (gradient, _inputs, _parameters, output) => [multiply(gradient, output)],
  cases: [{ shapes: [[37]], parameters: none }],
});

/** eˣ; relative error below 2e-7. */
export function exp(x: TensorLike): Tensor {
  return applyElementwise(expPrimitive, [x]);
}

/**
 * ln x by Cephes' `logf`: x = m·2ᵉ with m in √½ … √2. Relative error below 2e-7 (absolute near x = 1). -infinity at 0,
 * NaN below; subnormal numbers count as 0.
 */
function emitLog(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const argument = k.let(x);
  const smallest = k.constant(1.1754943508e-38);
  const bits = k.let(k.binary("max", argument, smallest));
  const fraction = k.let(
    k.binary("or", k.binary("and", bits, k.intConstant(0x007fffff)), k.intConstant(0x3f000000)),
  );
  const exponent = k.unary(
    "toFloat",
    k.binary("intSubtract", k.shift("shiftRight", bits, 23), k.intConstant(126)),
  );
  const low = k.let(k.binary("less", fraction, k.constant(Math.SQRT1_2)));
  const e = k.let(k.binary("subtract", exponent, k.binary("and", low, k.constant(1))));
  const m = k.let(
    k.binary("subtract", k.binary("add", fraction, k.binary("and", low, fraction)), k.constant(1)),
  );
  const square = k.let(k.binary("multiply", m, m));
  const tail = polynomial(
    k,
    m,
    [
      3.3333331174e-1, -2.4999993993e-1, 2.0000714765e-1, -1.6668057665e-1, 1.4249322787e-1, -1.2420140846e-1,
      1.167699874e-1, -1.151461031e-1, 7.0376836292e-2,
    ],
  );
  const cubic = k.binary("multiply", k.binary("multiply", tail, m), square);
  const corrected = k.multiplyAdd(e, k.constant(-2.1219444e-4), cubic);
  const withHalf = k.multiplyAdd(square, k.constant(-0.5), corrected);
  const value = k.multiplyAdd(e, k.constant(0.693359375), k.binary("add", m, withHalf));
  const infinite = k.binary("equal", argument, k.constant(Infinity));
  const zero = k.binary("less", k.unary("abs", argument), smallest);
  const valid = k.binary("lessEqual", k.constant(0), argument);
  const finite = k.select(infinite, k.constant(Infinity), k.select(zero, k.constant(-Infinity), value));
  return k.select(k.binary("or", valid, zero), finite, k.constant(NaN));
}

export const logPrimitive = defineElementwise({
  name: "log",
  cost: 30,
  scalar: ([x]) => Math.log(x),
  emit: (k, [x]) => emitLog(k, x),
  gradient: (gradient, [x]) => [divide(gradient, x)],
  cases: [{ shapes: [[37]], parameters: none, values: ["positive"] }],
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

/**
 * tanh x = 1 - 2 / (e²ˣ + 1), and Cephes' polynomial below 0.625, where that would lose digits. Relative error below
 * 4e-7.
 */
function emitTanh(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const argument = k.let(x);
  const magnitude = k.let(k.unary("abs", argument));
  const square = k.let(k.binary("multiply", argument, argument));
  const tail = polynomial(
    k,
    square,
    [-3.3333281942e-1, 1.3331442204e-1, -5.3739715353e-2, 2.0639088795e-2, -5.7049887248e-3],
  );
  const small = k.multiplyAdd(k.binary("multiply", tail, square), argument, argument);
  // Beyond 9.1 tanh is 1 in float32; the bound keeps e²ˣ finite.
  const bounded = k.binary("min", magnitude, k.constant(9.1));
  const power = emitExp(k, k.binary("multiply", bounded, k.constant(2)));
  const positive = k.binary(
    "subtract",
    k.constant(1),
    k.binary("divide", k.constant(2), k.binary("add", power, k.constant(1))),
  );
  const sign = k.binary("and", argument, k.intConstant(0x80000000));
  const large = k.binary("or", positive, sign);
  return k.select(k.binary("less", magnitude, k.constant(0.625)), k.let(small), large);
}

export const tanhPrimitive = defineElementwise({
  name: "tanh",
  cost: 40,
  scalar: ([x]) => Math.tanh(x),
  emit: (k, [x]) => emitTanh(k, x),
  gradient: (gradient, _inputs, _parameters, output) => [
    multiply(gradient, subtract(1, multiply(output, output))),
  ],
  cases: [{ shapes: [[37]], parameters: none }],
});

/** Hyperbolic tangent; relative error below 4e-7. */
export function tanh(x: TensorLike): Tensor {
  return applyElementwise(tanhPrimitive, [x]);
}
