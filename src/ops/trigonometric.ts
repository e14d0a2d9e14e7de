/**
 * @file Sine and cosine of any float32. The argument is reduced in whole numbers (M. Payne and R. Hanek, 1983): x = M·2^(8q - 23)
 * with 31 bits of M, and 96 bits of 2^(8q - 23) / 2π, whose whole turns do not count. So no digits are lost however many turns
 * there are, or however near a multiple of π/2 x is.
 */
import type { Cases } from "../graph/case.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import {
  applyElementwise,
  defineElementwise,
  type ElementwiseParameters,
  type ElementwisePrimitive,
  type TensorLike,
} from "./elementwise.ts";
import { polynomial } from "./transcendental.ts";

/** The first 256 bits of 1 / 2π. */
const TURNS = 0x28be60db9391054a7f09d5f47d4d377036d8a5664f10e4107f9458eaf7aef158n;

/** 2^(8q - 23) is multiplied by 32 bits of TURNS from this one on, and by the 32 bits behind them, and those behind these. */
const WORD_SHIFT = 247;

/** For q = 0 … 15 the word number `word` of 2^(8q - 23) / 2π. */
function turnWords(word: number): number[] {
  return Array.from({ length: 16 }, (_, q) =>
    Number((TURNS >> BigInt(WORD_SHIFT - 8 * q - 32 * word)) & 0xffffffffn),
  );
}

/** The value whose number has the bits that the masks stand for, lowest first. */
function choose(
  k: KernelBuilder,
  masks: readonly VectorExpression[],
  values: readonly number[],
): VectorExpression {
  let level = values.map((value): VectorExpression => k.intConstant(value));
  for (const mask of masks) {
    level = Array.from({ length: level.length / 2 }, (_, i) =>
      k.select(mask, level[2 * i + 1], level[2 * i]),
    );
  }
  return level[0];
}

/** The upper and lower 32 bits of a·b + c, each an unsigned 32-bit integer and bound. */
function wideProduct(k: KernelBuilder, a: VectorExpression, b: VectorExpression, c: VectorExpression) {
  const low = (x: VectorExpression) => k.binary("and", x, k.intConstant(0xffff));
  const high = (x: VectorExpression) => k.shift("shiftRight", x, 16);
  const [a0, a1, b0, b1] = [low(a), high(a), low(b), high(b)].map((part) => k.let(part));
  const product = (x: VectorExpression, y: VectorExpression) => k.let(k.binary("intMultiply", x, y));
  const sum = (terms: readonly VectorExpression[]) => terms.reduce((x, y) => k.binary("intAdd", x, y));
  const [p00, p01, p10] = [product(a0, b0), product(a0, b1), product(a1, b0)];
  const first = k.let(sum([low(p00), low(c)]));
  const middle = k.let(sum([high(p00), low(p01), low(p10), high(c), high(first)]));
  const upper = sum([k.binary("intMultiply", a1, b1), high(p01), high(p10), high(middle)]);
  const lower = k.binary("or", k.shift("shiftLeft", middle, 16), low(first));
  return { upper: k.let(upper), lower: k.let(lower) };
}

/** |x| = quadrant·π/2 + angle with |angle| ≤ π/4; below 1 it stays as it is. Both are bound. */
function reduce(k: KernelBuilder, magnitude: VectorExpression) {
  const exponent = k.let(k.binary("intSubtract", k.shift("shiftRight", magnitude, 23), k.intConstant(127)));
  // x = M·2^(8q - 23), where M has the fraction's 24 bits, moved by exponent - 8q.
  const moved = k.binary("and", exponent, k.intConstant(7));
  const scale = k.shift("shiftLeft", k.binary("intAdd", moved, k.intConstant(150)), 23);
  const fraction = k.binary("and", magnitude, k.intConstant(0x7fffff));
  const whole = k.let(k.unary("toInt", k.binary("or", fraction, scale)));
  const masks = [3, 4, 5, 6].map((bit) =>
    k.let(k.shift("shiftRightSigned", k.shift("shiftLeft", exponent, 31 - bit), 31)),
  );
  const [first, second, third] = [0, 1, 2].map((word) => choose(k, masks, turnWords(word)));
  // What is left out is 2^-64 of a turn.
  const carried = wideProduct(k, whole, k.let(third), k.intConstant(0)).upper;
  const { upper, lower } = wideProduct(k, whole, k.let(second), carried);
  // In 2^-32 of a turn: turns = whole number + rest, with a signed rest so that small ones keep all their digits.
  const roundUp = k.shift("shiftRight", lower, 31);
  const turns = k.let(
    k.binary("intAdd", k.binary("intAdd", k.binary("intMultiply", whole, first), upper), roundUp),
  );
  const rest = k.binary("multiply", k.unary("toFloat", lower), k.constant(2 ** -32));
  const quadrant = k.let(k.shift("shiftRight", k.binary("intAdd", turns, k.intConstant(2 ** 29)), 30));
  const within = k.binary("intSubtract", turns, k.shift("shiftLeft", quadrant, 30));
  const ticks = k.binary("add", k.unary("toFloat", within), rest);
  const angle = k.binary("multiply", ticks, k.constant((2 * Math.PI) / 2 ** 32));
  const isSmall = k.let(k.binary("less", magnitude, k.constant(1)));
  return {
    angle: k.let(k.select(isSmall, magnitude, angle)),
    quadrant: k.select(isSmall, k.intConstant(0), quadrant),
  };
}

/** sin(x + shift·π/2) for shift 0 and 1. The polynomials are minimax ones over |angle| ≤ 1, with errors below 6e-11. */
function emitWave(k: KernelBuilder, x: VectorExpression, shift: 0 | 1): VectorExpression {
  const argument = k.let(x);
  const magnitude = k.let(k.unary("abs", argument));
  const { angle, quadrant } = reduce(k, magnitude);
  const number = k.let(shift === 0 ? quadrant : k.binary("intAdd", quadrant, k.intConstant(1)));
  const square = k.let(k.binary("multiply", angle, angle));
  const sineTail = polynomial(k, square, [-0.16666667, 0.008333317, -0.00019836212, 2.6953121e-6]);
  const sine = k.multiplyAdd(k.binary("multiply", sineTail, square), angle, angle);
  // What rounding takes from 1 - square / 2 is put back.
  const half = k.let(k.binary("multiply", square, k.constant(0.5)));
  const start = k.let(k.binary("subtract", k.constant(1), half));
  const lost = k.binary("subtract", k.binary("subtract", k.constant(1), start), half);
  const cosineTail = polynomial(k, square, [0.041666668, -0.0013888867, 2.4796182e-5, -2.6996747e-7]);
  const cosine = k.binary(
    "add",
    start,
    k.multiplyAdd(cosineTail, k.binary("multiply", square, square), lost),
  );
  const isOdd = k.shift("shiftRightSigned", k.shift("shiftLeft", number, 31), 31);
  const value = k.select(isOdd, cosine, sine);
  const flipped = k.binary("and", k.shift("shiftLeft", number, 30), k.intConstant(0x80000000));
  const sign = k.binary("and", argument, k.intConstant(0x80000000));
  const signed = k.binary("xor", value, shift === 0 ? k.binary("xor", flipped, sign) : flipped);
  const isFinite = k.binary("less", magnitude, k.constant(Infinity));
  return k.select(isFinite, signed, k.constant(NaN));
}

const commonCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[37]], parameters: { values: [] } },
  { shapes: [[2053]], parameters: { values: [] } },
];

/** Vector instructions of one sine. */
const COST = 160;

export const sinPrimitive: ElementwisePrimitive = defineElementwise({
  name: "sin",
  cost: COST,
  scalar: ([x]) => Math.sin(x),
  emit: (k, [x]) => emitWave(k, x, 0),
});

export const sinCases: Cases<ElementwiseParameters> = commonCases;

export const cosPrimitive: ElementwisePrimitive = defineElementwise({
  name: "cos",
  cost: COST,
  scalar: ([x]) => Math.cos(x),
  emit: (k, [x]) => emitWave(k, x, 1),
});

export const cosCases: Cases<ElementwiseParameters> = commonCases;

/** Sine of x in radians, within 3 units in the last place for every float32; NaN of infinities. */
export function sin(x: TensorLike): Tensor {
  return applyElementwise(sinPrimitive, [x]);
}

/** Cosine of x in radians, within 3 units in the last place for every float32; NaN of infinities. */
export function cos(x: TensorLike): Tensor {
  return applyElementwise(cosPrimitive, [x]);
}
