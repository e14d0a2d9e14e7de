/** @file The WebAssembly instruction of each of the vector machine's operators. */
import type { IntBinaryOperator, ShiftOperator, VectorBinaryOperator, VectorUnaryOperator } from "./ir.ts";
import { OPCODE, SIMD } from "./wasm-encoding.ts";

/** `min` and `max` take several instructions. */
export const INT_OPCODE: Record<Exclude<IntBinaryOperator, "min" | "max">, number> = {
  add: OPCODE.i32_add,
  subtract: OPCODE.i32_sub,
  multiply: OPCODE.i32_mul,
  divide: OPCODE.i32_div_u,
  remainder: OPCODE.i32_rem_u,
};

export const UNARY_OPCODE: Record<VectorUnaryOperator, number> = {
  negate: SIMD.f32x4_neg,
  abs: SIMD.f32x4_abs,
  sqrt: SIMD.f32x4_sqrt,
  roundEven: SIMD.f32x4_nearest,
  floor: SIMD.f32x4_floor,
  toInt: SIMD.i32x4_trunc_sat_f32x4_s,
  toFloat: SIMD.f32x4_convert_i32x4_s,
  not: SIMD.v128_not,
  toDoubles: SIMD.f64x2_promote_low_f32x4,
  fromDoubles: SIMD.f32x4_demote_f64x2_zero,
};

/** There are no instructions for bfloat16. */
export const BINARY_OPCODE: Record<Exclude<VectorBinaryOperator, "packPairs">, number> = {
  add: SIMD.f32x4_add,
  subtract: SIMD.f32x4_sub,
  multiply: SIMD.f32x4_mul,
  divide: SIMD.f32x4_div,
  min: SIMD.f32x4_pmin,
  max: SIMD.f32x4_pmax,
  equal: SIMD.f32x4_eq,
  notEqual: SIMD.f32x4_ne,
  less: SIMD.f32x4_lt,
  lessEqual: SIMD.f32x4_le,
  and: SIMD.v128_and,
  or: SIMD.v128_or,
  xor: SIMD.v128_xor,
  intAdd: SIMD.i32x4_add,
  intSubtract: SIMD.i32x4_sub,
  intMultiply: SIMD.i32x4_mul,
  doubleAdd: SIMD.f64x2_add,
  doubleSubtract: SIMD.f64x2_sub,
  doubleMultiply: SIMD.f64x2_mul,
};

export const SHIFT_OPCODE: Record<ShiftOperator, number> = {
  shiftLeft: SIMD.i32x4_shl,
  shiftRight: SIMD.i32x4_shr_u,
  shiftRightSigned: SIMD.i32x4_shr_s,
};

/** Programs that use bfloat16 are for other targets. */
export function noBfloat16(): TypeError {
  return new TypeError("WebAssembly has no instructions for bfloat16");
}
