/**
 * @file exp, log, tanh and their relatives in vector arithmetic. Bounds of the relative errors stand with each and are
 * checked by the tests over the whole range. The polynomials of exp and log are Cephes' (S. Moshier, `expf`, `logf`).
 */
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";

/**
 * c₀ + c₁x + c₂x² + … = (c₀ + c₁x) + x²·((c₂ + c₃x) + x²·(…)): the pairs do not wait for each other, so that the result is there
 * after little more than half of the steps of Horner's rule.
 * @param x bound
 */
export function polynomial(
  k: KernelBuilder,
  x: VectorExpression,
  coefficients: readonly number[],
): VectorExpression {
  const square = k.let(k.binary("multiply", x, x));
  const pairs: VectorExpression[] = [];
  for (let i = 0; i < coefficients.length; i += 2) {
    const constant = k.constant(coefficients[i]);
    const isAlone = i + 1 === coefficients.length;
    pairs.push(isAlone ? constant : k.multiplyAdd(x, k.constant(coefficients[i + 1]), constant));
  }
  return pairs.reduceRight((value, pair) => k.multiplyAdd(value, square, pair));
}

/** 1.5·2²³: a number plus this has its integer part in the low bits. Rounding and conversion in one addition. */
const INTEGER_IN_LOW_BITS = 12582912;

/** ln of the smallest normal and of the largest float32. */
const LOG_SMALLEST = -87.3365402;
const LOG_LARGEST = 88.7228317;

/**
 * x = n·ln 2 + r with |r| ≤ ln 2 / 2, for x in LOG_SMALLEST … LOG_LARGEST. Gives eʳ - 1, and a number whose low bits
 * hold n as an integer.
 */
function reduceExp(
  k: KernelBuilder,
  x: VectorExpression,
): { minusOne: VectorExpression; shifted: VectorExpression } {
  const magic = k.constant(INTEGER_IN_LOW_BITS);
  const shifted = k.let(k.multiplyAdd(x, k.constant(Math.LOG2E), magic));
  const n = k.let(k.binary("subtract", shifted, magic));
  const high = k.multiplyAdd(n, k.constant(-0.693359375), x);
  const r = k.let(k.multiplyAdd(n, k.constant(2.1219444e-4), high));
  const tail = polynomial(
    k,
    r,
    [5.0000001201e-1, 1.6666665459e-1, 4.1665795894e-2, 8.3334519073e-3, 1.3981999507e-3, 1.98756915e-4],
  );
  return { minusOne: k.multiplyAdd(tail, k.binary("multiply", r, r), r), shifted };
}

/** 2ⁿ for an n in the low byte of `shifted`, from -126 to 127: adding the bias and shifting leaves the exponent alone. */
function exponentOf(k: KernelBuilder, shifted: VectorExpression): VectorExpression {
  return k.shift("shiftLeft", k.binary("intAdd", shifted, k.intConstant(127)), 23);
}

/**
 * eˣ = 2ⁿ·eʳ. Relative error below 2e-7; 0 below -87.3 and infinity above 88.7, as float32 has it but for the subnormal
 * results.
 */
export function emitExp(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const argument = k.let(x);
  const clamped = k.let(
    k.binary("max", k.binary("min", argument, k.constant(LOG_LARGEST)), k.constant(LOG_SMALLEST)),
  );
  const { minusOne, shifted } = reduceExp(k, clamped);
  const mantissa = k.binary("add", minusOne, k.constant(1));
  // 2ⁿ in two factors, since n = 128 does not fit one exponent.
  const half = k.let(k.shift("shiftRightSigned", k.shift("shiftLeft", shifted, 10), 11));
  const bits = k.let(k.shift("shiftRightSigned", k.shift("shiftLeft", shifted, 10), 10));
  const bias = k.intConstant(127);
  const first = k.shift("shiftLeft", k.binary("intAdd", half, bias), 23);
  const second = k.shift("shiftLeft", k.binary("intAdd", k.binary("intSubtract", bits, half), bias), 23);
  const value = k.binary("multiply", k.binary("multiply", mantissa, first), second);
  const tooSmall = k.binary("less", argument, k.constant(LOG_SMALLEST));
  const tooLarge = k.binary("less", k.constant(LOG_LARGEST), argument);
  return k.select(tooSmall, k.constant(0), k.select(tooLarge, k.constant(Infinity), value));
}

/**
 * eˣ - 1 for x ≤ 0 (larger numbers count as 0), without the cancellation near 0: 2ⁿ·(eʳ - 1) + (2ⁿ - 1). Relative error
 * below 3e-7.
 */
export function emitExpMinusOne(k: KernelBuilder, x: VectorExpression): VectorExpression {
  // Below -18 it is -1 in float32, and 2ⁿ is one exponent.
  const clamped = k.let(k.binary("max", k.binary("min", x, k.constant(0)), k.constant(-18)));
  const { minusOne, shifted } = reduceExp(k, clamped);
  const power = k.let(exponentOf(k, shifted));
  return k.multiplyAdd(minusOne, power, k.binary("subtract", power, k.constant(1)));
}

/**
 * eˣ - 1 without the cancellation near 0: 2·(2ⁿ⁻¹·(eʳ - 1) + (2ⁿ⁻¹ - 1/2)), as 2ⁿ may be above the largest number where the result
 * is not. Relative error below 3e-7; infinite above 88.72.
 */
export function emitExpm1(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const argument = k.let(x);
  // Below -18 it is -1 in float32.
  const clamped = k.let(k.binary("max", k.binary("min", argument, k.constant(LOG_LARGEST)), k.constant(-18)));
  const { minusOne, shifted } = reduceExp(k, clamped);
  const half = k.let(exponentOf(k, k.binary("intSubtract", shifted, k.intConstant(1))));
  const halved = k.let(k.multiplyAdd(minusOne, half, k.binary("subtract", half, k.constant(0.5))));
  const tooLarge = k.binary("less", k.constant(LOG_LARGEST), argument);
  return k.select(tooLarge, k.constant(Infinity), k.binary("add", halved, halved));
}

/**
 * ln(1 + x): with w = 1 + x rounded it is ln w + (x - (w - 1)) / w, where what rounding took from x is put back (W. Kahan).
 * Relative error below 4e-7; -infinity at -1, NaN below.
 */
export function emitLog1p(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const argument = k.let(x);
  const w = k.let(k.binary("add", argument, k.constant(1)));
  const lost = k.binary("subtract", argument, k.binary("subtract", w, k.constant(1)));
  const logarithm = k.let(emitLog(k, w));
  const isFinite = k.binary("less", k.unary("abs", logarithm), k.constant(Infinity));
  return k.select(isFinite, k.binary("add", logarithm, k.binary("divide", lost, w)), logarithm);
}

/**
 * ln x: x = m·2ᵉ with m in √½ … √2. Relative error below 2e-7. -infinity at 0, NaN below; subnormal numbers count as 0.
 */
export function emitLog(k: KernelBuilder, x: VectorExpression): VectorExpression {
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

/**
 * tanh |x| = u / (u + 2) with u = e²ˣ - 1, which loses no digits near 0 and is never above 1. 2x = n·ln 2 + 2r, so that
 * u = 2ⁿ·(e²ʳ - 1) + (2ⁿ - 1). What rounding takes from n·ln 2 matters less the larger n is: the slope of tanh falls
 * with 2⁻ⁿ. The polynomial is the minimax one of (e²ʳ - 1) / r over |r| ≤ ln 2 / 4, with an error of 1.4e-8.
 * Relative error below 4e-7.
 */
export function emitTanh(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const argument = k.let(x);
  // From here on 2 is too small to be seen in u + 2.
  const sign = k.let(k.binary("and", argument, k.intConstant(0x80000000)));
  const magnitude = k.let(k.binary("min", k.binary("xor", argument, sign), k.constant(9.1)));
  const magic = k.constant(INTEGER_IN_LOW_BITS);
  const shifted = k.let(k.multiplyAdd(magnitude, k.constant(2 * Math.LOG2E), magic));
  const n = k.binary("subtract", shifted, magic);
  const r = k.let(k.multiplyAdd(n, k.constant(-Math.LN2 / 2), magnitude));
  const slope = polynomial(
    k,
    r,
    [2, 1.99999992571, 1.33332345207, 6.66675236305e-1, 2.67730706867e-1, 8.88478730617e-2],
  );
  const power = k.let(exponentOf(k, shifted));
  const powerMinusOne = k.binary("subtract", power, k.constant(1));
  // r·2ⁿ is exact, and known before the slope is.
  const u = k.let(k.multiplyAdd(slope, k.binary("multiply", r, power), powerMinusOne));
  const quotient = k.binary("divide", u, k.binary("add", u, k.constant(2)));
  // The sign comes last, so that -0 stays -0.
  return k.binary("or", quotient, sign);
}

/** 1 / (1 + e⁻ˣ). Relative error below 4e-7; 0 below -88.7, where e⁻ˣ is infinite. */
export function emitSigmoid(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const power = emitExp(k, k.unary("negate", x));
  return k.binary("divide", k.constant(1), k.binary("add", power, k.constant(1)));
}

/**
 * ln(1 + eˣ) = max(x, 0) + ln(1 + u), u = e^-|x|. With w = 1 + u rounded, ln(1 + u) is ln w + (u - (w - 1)) / w: what
 * rounding took from u is put back (W. Kahan). Relative error below 4e-7; 0 below -87.3.
 */
export function emitSoftplus(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const argument = k.let(x);
  const u = k.let(emitExp(k, k.unary("negate", k.unary("abs", argument))));
  const w = k.let(k.binary("add", u, k.constant(1)));
  const lost = k.let(k.binary("subtract", u, k.binary("subtract", w, k.constant(1))));
  const logarithm = k.binary("add", emitLog(k, w), k.binary("divide", lost, w));
  return k.binary("add", k.binary("max", argument, k.constant(0)), logarithm);
}

/** e^(-x²/2). Relative error below 2e-7 + 6e-8·x². */
function emitGaussian(k: KernelBuilder, x: VectorExpression): VectorExpression {
  return emitExp(k, k.binary("multiply", k.binary("multiply", x, x), k.constant(-0.5)));
}

/**
 * The normal distribution's function Φ(x) = erfc(-x / √2) / 2 and its density φ(x) = e^(-x²/2) / √(2π). With
 * t = 1 / (1 + 0.35·|x|), Φ(-|x|) = e^(-x²/2)·t·Q(t); Q interpolates at the Chebyshev nodes of |x| ≤ 15, with a
 * relative error of 4e-8. All in all the relative error is below 6e-7 + 6e-8·x², so the absolute one below 2e-7.
 */
export function emitNormal(
  k: KernelBuilder,
  x: VectorExpression,
): { cumulative: VectorExpression; density: VectorExpression } {
  const argument = k.let(x);
  const gaussian = k.let(emitGaussian(k, argument));
  const magnitude = k.unary("abs", argument);
  const t = k.let(
    k.binary("divide", k.constant(1), k.multiplyAdd(magnitude, k.constant(0.35), k.constant(1))),
  );
  const quotient = polynomial(
    k,
    t,
    [
      0.13961865, 0.139914811, 0.119417034, 0.107262775, -0.0274828896, 0.165801808, -0.26171267, 0.146950915,
      -0.0297704395,
    ],
  );
  const tail = k.let(k.binary("multiply", gaussian, k.binary("multiply", quotient, t)));
  const cumulative = k.select(
    k.binary("less", argument, k.constant(0)),
    tail,
    k.binary("subtract", k.constant(1), tail),
  );
  return { cumulative, density: k.binary("multiply", gaussian, k.constant(1 / Math.sqrt(2 * Math.PI))) };
}
