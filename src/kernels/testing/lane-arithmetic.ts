/** @file The meaning of the language's operations for one lane. */
import type { ShiftOperator, VectorBinaryOperator, VectorUnaryOperator } from "../../machine/ir.ts";

/** A vector; all views show the same bits. */
export class LaneVector {
  readonly floats: Float32Array;
  readonly words: Int32Array;
  readonly doubles: Float64Array;

  constructor(lanes: number) {
    this.floats = new Float32Array(lanes);
    this.words = new Int32Array(this.floats.buffer);
    this.doubles = new Float64Array(this.floats.buffer);
  }
}

type View = keyof LaneVector;

/** A function of lanes, and as what it reads and writes them. What it gives is rounded as it is written. */
export interface LaneFunction<F> {
  readonly reads: View;
  readonly writes: View;
  readonly of: F;
}

type Unary = (a: number) => number;
type Binary = (a: number, b: number) => number;

const ofFloats = <F>(of: F): LaneFunction<F> => ({ reads: "floats", writes: "floats", of });
const ofDoubles = <F>(of: F): LaneFunction<F> => ({ reads: "doubles", writes: "doubles", of });
const ofWords = <F>(of: F): LaneFunction<F> => ({ reads: "words", writes: "words", of });
const mask = (of: (a: number, b: number) => boolean): LaneFunction<Binary> => ({
  reads: "floats",
  writes: "words",
  of: (a, b) => (of(a, b) ? -1 : 0),
});

/** Those that do not mix lanes. */
export const UNARY: Record<Exclude<VectorUnaryOperator, "toDoubles" | "fromDoubles">, LaneFunction<Unary>> = {
  negate: ofWords((a) => a ^ 0x80000000),
  abs: ofWords((a) => a & 0x7fffffff),
  not: ofWords((a) => ~a),
  sqrt: ofFloats(Math.sqrt),
  floor: ofFloats(Math.floor),
  roundEven: ofFloats(roundEven),
  toInt: { reads: "floats", writes: "words", of: toInt },
  toFloat: { reads: "words", writes: "floats", of: (a) => a },
};

/** Double-precision sums, differences, products, quotients and roots of floats are correct once rounded to floats. */
export const BINARY: Record<Exclude<VectorBinaryOperator, "packPairs">, LaneFunction<Binary>> = {
  add: ofFloats((a, b) => a + b),
  subtract: ofFloats((a, b) => a - b),
  multiply: ofFloats((a, b) => a * b),
  divide: ofFloats((a, b) => a / b),
  min: ofFloats((a, b) => (b < a ? b : a)),
  max: ofFloats((a, b) => (a < b ? b : a)),
  equal: mask((a, b) => a === b),
  notEqual: mask((a, b) => a !== b),
  less: mask((a, b) => a < b),
  lessEqual: mask((a, b) => a <= b),
  and: ofWords((a, b) => a & b),
  or: ofWords((a, b) => a | b),
  xor: ofWords((a, b) => a ^ b),
  intAdd: ofWords((a, b) => a + b),
  intSubtract: ofWords((a, b) => a - b),
  intMultiply: ofWords(Math.imul),
  doubleAdd: ofDoubles((a, b) => a + b),
  doubleSubtract: ofDoubles((a, b) => a - b),
  doubleMultiply: ofDoubles((a, b) => a * b),
};

export const SHIFT: Record<ShiftOperator, Binary> = {
  shiftLeft: (a, bits) => a << bits,
  shiftRight: (a, bits) => a >>> bits,
  shiftRightSigned: (a, bits) => a >> bits,
};

function roundEven(a: number): number {
  const nearest = Math.round(a);
  return nearest - a === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}

function toInt(a: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(a)));
}

/**
 * a·b + c rounded to a float once. The product is exact in double precision, the sum may not be; that matters only where
 * the sum lies halfway between two floats, for then what it lost says which of them is nearer.
 */
export function fusedMultiplyAdd(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  const rounded = Math.fround(sum);
  const rest = sum - rounded;
  const other = rounded + 2 * rest;
  if (rest === 0 || Math.fround(other) !== other) return rounded;
  // What the sum lost (Knuth's two-sum).
  const added = sum - product;
  const lost = product - (sum - added) + (c - added);
  if (lost === 0) return rounded;
  return lost > 0 ? Math.max(rounded, other) : Math.min(rounded, other);
}
