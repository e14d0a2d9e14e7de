/** @file Operations on single elements. */
import type { Tensor } from "../../graph/tensor.ts";
import { elu, leakyRelu, relu, selu, sigmoid, softplus, softsign } from "../../ops/activation.ts";
import {
  add,
  divide,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  multiply,
  negative,
  subtract,
} from "../../ops/arithmetic.ts";
import { toFloat, toInt } from "../../ops/cast.ts";
import { clippedRelu, hardSilu } from "../../ops/clipped-activation.ts";
import { erf } from "../../ops/error-function.ts";
import { exp, expm1, log, log1p, sqrt, tanh } from "../../ops/exponential.ts";
import { gelu, mish, silu } from "../../ops/gated-activation.ts";
import { power } from "../../ops/power.ts";
import { ceil, floor, round } from "../../ops/rounding.ts";
import { abs, clip, maximum, minimum, sign, where } from "../../ops/select.ts";
import { cos, sin } from "../../ops/trigonometric.ts";
import type { Call, Result } from "./call.ts";
import type { OperationFunction } from "./operation.ts";
import { integerRange, isFloat, tensorOf, type ElementType } from "./value.ts";

type Unary = (x: Tensor, call: Call) => Tensor;

const unary =
  (apply: Unary): OperationFunction =>
  (call) => [apply(call.numbers(0), call)];

/** A truth value for each element. */
const test =
  (apply: (call: Call) => Tensor): OperationFunction =>
  (call) => [truth(apply(call))];

function truth(tensor: Tensor): Result {
  return { type: "bool", shape: tensor.shape, tensor };
}

const variadic =
  (combine: (a: Tensor, b: Tensor) => Tensor): OperationFunction =>
  (call) => [call.allNumbers().reduce(combine)];

const compared = (compare: (a: Tensor, b: Tensor) => Tensor): OperationFunction =>
  test((call) => compare(call.numbers(0), call.numbers(1)));

const not = (x: Tensor) => subtract(1, x);
const truncate = (x: Tensor) => multiply(sign(x), floor(abs(x)));

/** sign(x)·f(|x|), for odd functions whose formula is accurate above 0. */
const odd = (apply: (x: Tensor) => Tensor) => (x: Tensor) =>
  multiply(where(less(x, 0), -1, 1), apply(abs(x)));

/** ln(x + √(x² + 1)) without cancellation near 0. */
const asinh = odd((x) => {
  const squared = multiply(x, x);
  return log1p(add(x, divide(squared, add(1, sqrt(add(squared, 1))))));
});

function sinh(x: Tensor): Tensor {
  const less1 = expm1(x);
  return divide(add(less1, divide(less1, add(less1, 1))), 2);
}

function divided(call: Call): Tensor {
  const quotient = divide(call.numbers(0), call.numbers(1));
  return call.isWhole ? truncate(quotient) : quotient;
}

/** The rest of a division: with the divisor's sign, or with `fmod` the dividend's. */
function modulo(call: Call): Tensor {
  const [a, b] = [call.numbers(0), call.numbers(1)];
  const isTruncated = call.flag("fmod");
  const quotient = divide(a, b);
  const rest = subtract(a, multiply(isTruncated ? truncate(quotient) : floor(quotient), b));
  if (call.isWhole) return rest;
  // 0 times an infinite divisor would be no number.
  const ofInfinite = isTruncated ? a : where(less(multiply(a, sign(b)), 0), b, a);
  return where(equal(abs(b), Infinity), ofInfinite, rest);
}

/** Powers of negative numbers need a whole exponent that is known. */
function raised(call: Call): Tensor {
  const x = call.numbers(0);
  const exponents = call.isKnown(1) ? call.known(1) : undefined;
  if (exponents?.length === 1 && call.value(1).shape.length <= x.shape.length) return power(x, exponents[0]);
  const exponent = call.numbers(1);
  if (exponents && exponents.every(Number.isInteger)) {
    // e^(y·ln |x|), with the sign of x where the exponent is odd.
    const half = multiply(exponent, 0.5);
    const isOdd = subtract(1, equal(half, floor(half)));
    const size = where(equal(exponent, 0), 1, power(abs(x), exponent));
    const signed = multiply(size, where(multiply(isOdd, less(x, 0)), -1, 1));
    return call.isWhole ? round(signed) : signed;
  }
  return power(x, exponent);
}

function clipped(call: Call): Tensor {
  const x = call.numbers(0);
  const low = call.has(1)
    ? call.numbers(1)
    : call.attributes.min === undefined
      ? undefined
      : call.number("min");
  const high = call.has(2)
    ? call.numbers(2)
    : call.attributes.max === undefined
      ? undefined
      : call.number("max");
  if (call.isKnown(1) && call.isKnown(2) && call.known(1).length === 1 && call.known(2).length === 1) {
    const [least, most] = [call.known(1)[0], call.known(2)[0]];
    if (least === 0 && most > 0 && most < Infinity) return clippedRelu(x, most);
    if (least <= most && Number.isFinite(least) && Number.isFinite(most)) return clip(x, least, most);
  }
  const above = low === undefined ? x : maximum(x, low);
  return high === undefined ? above : minimum(above, high);
}

function cast(call: Call, type: ElementType): Result {
  const value = call.value(0);
  if (value.known) {
    const numbers = value.known;
    const shape = value.shape;
    return { type, shape, known: castKnown(numbers, type) };
  }
  const tensor = tensorOf(value);
  if (type === "bool") return truth(subtract(1, equal(toFloat(tensor), 0)));
  if (isFloat(type)) return { type, shape: value.shape, tensor: toFloat(tensor) };
  const range = integerRange(type);
  if (range && range.bits > 32 && tensor.dtype === "float32") {
    return { type, shape: value.shape, tensor: toInt(tensor) };
  }
  return { type, shape: value.shape, tensor: tensor.dtype === "int32" ? tensor : toInt(tensor) };
}

function castKnown(numbers: Float64Array, type: ElementType): Float64Array {
  if (type === "bool") return numbers.map((number) => (number === 0 ? 0 : 1));
  if (type === "float64") return numbers;
  return isFloat(type) ? numbers.map(Math.fround) : numbers.map(Math.trunc);
}

function isInfinite(call: Call): Tensor {
  const x = call.numbers(0);
  const [up, down] = [call.flag("detect_positive", true), call.flag("detect_negative", true)];
  return add(multiply(equal(x, Infinity), up ? 1 : 0), multiply(equal(x, -Infinity), down ? 1 : 0));
}

function sloped(call: Call): Tensor {
  const [x, slope] = [call.numbers(0), call.numbers(1)];
  return where(less(x, 0), multiply(x, slope), x);
}

/** Elementwise operations by ONNX's names; https://onnx.ai/onnx/operators */
export const ELEMENTWISE = {
  Abs: unary(abs),
  Acosh: unary((x) => log(add(x, multiply(sqrt(subtract(x, 1)), sqrt(add(x, 1)))))),
  Add: (call) => [add(call.numbers(0), call.numbers(1))],
  And: test((call) => multiply(call.numbers(0), call.numbers(1))),
  Asinh: unary(asinh),
  Atanh: unary(odd((x) => multiply(0.5, log1p(divide(multiply(2, x), subtract(1, x)))))),
  Cast: (call) => [cast(call, call.text("to") as ElementType)],
  CastLike: (call) => [cast(call, call.value(1).type)],
  Ceil: unary(ceil),
  Celu: unary((x, call) => {
    const alpha = call.number("alpha", 1);
    return add(maximum(x, 0), minimum(multiply(alpha, expm1(divide(x, alpha))), 0));
  }),
  Clip: (call) => [clipped(call)],
  Cos: unary(cos),
  Cosh: unary((x) => divide(add(exp(x), exp(negative(x))), 2)),
  Div: (call) => [divided(call)],
  Elu: unary((x, call) => {
    const alpha = call.number("alpha", 1);
    return alpha >= 0 ? elu(x, { alpha }) : where(less(x, 0), multiply(alpha, expm1(x)), x);
  }),
  Equal: compared(equal),
  Erf: unary(erf),
  Exp: unary(exp),
  Floor: unary(floor),
  Gelu: unary((x, call) => gelu(x, { approximate: call.text("approximate", "none") === "tanh" })),
  Greater: compared(greater),
  GreaterOrEqual: compared(greaterEqual),
  HardSigmoid: unary((x, call) =>
    clip(add(multiply(x, call.number("alpha", 0.2)), call.number("beta", 0.5)), 0, 1),
  ),
  HardSwish: unary(hardSilu),
  IsInf: test(isInfinite),
  IsNaN: test((call) => not(equal(call.numbers(0), call.numbers(0)))),
  LeakyRelu: unary((x, call) => {
    const alpha = call.number("alpha", 0.01);
    return alpha >= 0 ? leakyRelu(x, { alpha }) : where(less(x, 0), multiply(x, alpha), x);
  }),
  Less: compared(less),
  LessOrEqual: compared(lessEqual),
  Log: unary(log),
  Max: variadic(maximum),
  Mean: (call) => [
    divide(
      call.allNumbers().reduce((a, b) => add(a, b)),
      call.inputs.length,
    ),
  ],
  Min: variadic(minimum),
  Mish: unary(mish),
  Mod: (call) => [modulo(call)],
  Mul: (call) => [multiply(call.numbers(0), call.numbers(1))],
  Neg: unary(negative),
  Not: test((call) => not(call.numbers(0))),
  Or: test((call) => maximum(call.numbers(0), call.numbers(1))),
  PRelu: (call) => [sloped(call)],
  Pow: (call) => [raised(call)],
  Reciprocal: unary((x) => divide(1, x)),
  Relu: unary(relu),
  Round: unary(round),
  Selu: unary((x, call) => {
    const alpha = call.number("alpha", 1.6732631921768188);
    const gamma = call.number("gamma", 1.0507010221481323);
    if (Math.abs(alpha - 1.6732632) < 1e-6 && Math.abs(gamma - 1.050701) < 1e-6) return selu(x);
    return multiply(gamma, where(less(x, 0), multiply(alpha, expm1(x)), x));
  }),
  Shrink: unary((x, call) => {
    const [bias, lambda] = [call.number("bias", 0), call.number("lambd", 0.5)];
    const high = where(greater(x, lambda), subtract(x, bias), 0);
    return where(less(x, -lambda), add(x, bias), high);
  }),
  Sigmoid: unary(sigmoid),
  Sign: unary((x) => where(equal(x, x), sign(x), x)),
  Sin: unary(sin),
  Sinh: unary(sinh),
  Softplus: unary(softplus),
  Softsign: unary(softsign),
  Sqrt: unary(sqrt),
  Sub: (call) => [subtract(call.numbers(0), call.numbers(1))],
  Sum: variadic(add),
  Swish: unary((x, call) => {
    const alpha = call.number("alpha", 1);
    return alpha === 1 ? silu(x) : multiply(x, sigmoid(multiply(x, alpha)));
  }),
  Tan: unary((x) => divide(sin(x), cos(x))),
  Tanh: unary(tanh),
  ThresholdedRelu: unary((x, call) => where(greater(x, call.number("alpha", 1)), x, 0)),
  Where: (call) => {
    const type = call.value(1).type;
    const chosen = where(call.numbers(0), call.numbers(1), call.numbers(2));
    return [{ type, shape: chosen.shape, tensor: chosen }];
  },
  Xor: test((call) => subtract(1, equal(call.numbers(0), call.numbers(1)))),
} satisfies Record<string, OperationFunction>;
