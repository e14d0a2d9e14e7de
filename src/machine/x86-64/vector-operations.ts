/** @file Single operations on vectors whose operands are in their places already. */
import type { ShiftOperator, VectorBinaryOperator, VectorUnaryOperator } from "../ir.ts";
import { VECTOR, type VectorInstruction } from "./instructions.ts";
import type { VectorRegister } from "./registers.ts";
import { emitTruncate, LARGEST_INT } from "./truncate.ts";
import { MASK, type LastOperand, type VectorContext } from "./vector-context.ts";

export type Comparison = "equal" | "notEqual" | "less" | "lessEqual";

/** vcmpps' immediate: quiet, NaN is not equal to anything. */
export const COMPARISON: Record<Comparison, number> = {
  equal: 0x00,
  notEqual: 0x04,
  less: 0x11,
  lessEqual: 0x12,
};

export const BINARY: Record<Exclude<VectorBinaryOperator, Comparison>, VectorInstruction> = {
  add: VECTOR.vaddps,
  subtract: VECTOR.vsubps,
  multiply: VECTOR.vmulps,
  divide: VECTOR.vdivps,
  min: VECTOR.vminps,
  max: VECTOR.vmaxps,
  and: VECTOR.vpandd,
  or: VECTOR.vpord,
  xor: VECTOR.vpxord,
  intAdd: VECTOR.vpaddd,
  intSubtract: VECTOR.vpsubd,
  intMultiply: VECTOR.vpmulld,
  doubleAdd: VECTOR.vaddpd,
  doubleSubtract: VECTOR.vsubpd,
  doubleMultiply: VECTOR.vmulpd,
  packPairs: VECTOR.vcvtne2ps2bf16,
};

/** Operations on float64, whose instructions would repeat 64 bits of a number in memory and not 32. */
export function isDouble(operator: VectorBinaryOperator): boolean {
  return operator === "doubleAdd" || operator === "doubleSubtract" || operator === "doubleMultiply";
}

/** Which shift it is stands in the register field. */
const SHIFT_FIELD = { shiftLeft: 6, shiftRight: 2, shiftRightSigned: 4 } as const;

/** vroundps' immediate, without exceptions. */
const ROUND = { roundEven: 8, floor: 9 } as const;

const SIGN_BIT = 0x80000000 | 0;

export function isComparison(operator: VectorBinaryOperator): operator is Comparison {
  return operator in COMPARISON;
}

/** One int32 word in all lanes. */
export function emitWord(context: VectorContext, d: VectorRegister, word: number): void {
  if (word === 0) context.emit(VECTOR.vpxord, d, d, d);
  else context.emit(VECTOR.vbroadcastss, d, 0, context.constants.word(word));
}

export function emitUnary(
  context: VectorContext,
  operator: VectorUnaryOperator,
  d: VectorRegister,
  a: VectorRegister,
): void {
  switch (operator) {
    case "negate":
      context.emitLast(VECTOR.vpxord, d, a, context.constant(SIGN_BIT));
      return;
    case "abs":
      context.emitLast(VECTOR.vpandd, d, a, context.constant(LARGEST_INT));
      return;
    case "not":
      context.emitLast(VECTOR.vpxord, d, a, context.constant(-1));
      return;
    case "sqrt":
      context.emit(VECTOR.vsqrtps, d, 0, a);
      return;
    case "roundEven":
    case "floor":
      context.emit(VECTOR.vroundps, d, 0, a, { immediate: ROUND[operator] });
      return;
    case "toInt":
      emitTruncate(context, d, a);
      return;
    case "toFloat":
      context.emit(VECTOR.vcvtdq2ps, d, 0, a);
      return;
    case "toDoubles":
      context.emit(VECTOR.vcvtps2pd, d, 0, a);
      return;
    case "fromDoubles":
      context.emit(VECTOR.vcvtpd2ps, d, 0, a);
      return;
  }
}

export function emitShift(
  context: VectorContext,
  operator: ShiftOperator,
  d: VectorRegister,
  a: VectorRegister,
  bits: number,
): void {
  context.emit(VECTOR.vpshiftd, SHIFT_FIELD[operator], d, a, { immediate: bits });
}

export function emitBinary(
  context: VectorContext,
  operator: VectorBinaryOperator,
  d: VectorRegister,
  a: VectorRegister,
  last: LastOperand,
): void {
  if (isComparison(operator)) emitComparison(context, operator, d, a, last);
  else context.emitLast(BINARY[operator], d, a, last);
}

function emitComparison(
  context: VectorContext,
  operator: Comparison,
  d: VectorRegister,
  a: VectorRegister,
  last: LastOperand,
): void {
  const immediate = COMPARISON[operator];
  if (context.width === 256) {
    context.emitLast(VECTOR.vcmpps, d, a, last, { immediate });
    return;
  }
  context.emitLast(VECTOR.vcmpps, MASK, a, last, { immediate });
  context.emit(VECTOR.vpmovm2d, d, 0, MASK);
}
