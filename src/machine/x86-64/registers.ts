/** @file The registers of x86-64 and what an instruction may read instead of one. */

/** Numbers of the general registers, as instructions hold them (Intel SDM vol. 2, table 2-2 and 3.1.1.1). */
export const GENERAL = {
  rax: 0,
  rcx: 1,
  rdx: 2,
  rbx: 3,
  rsp: 4,
  rbp: 5,
  rsi: 6,
  rdi: 7,
  r8: 8,
  r9: 9,
  r10: 10,
  r11: 11,
  r12: 12,
  r13: 13,
  r14: 14,
  r15: 15,
} as const;

/** 0 … 15. */
export type GeneralRegister = number;

/** 0 … 15 for ymm registers, 0 … 31 for zmm registers. */
export type VectorRegister = number;

/** base + index + displacement, in bytes. */
export interface MemoryOperand {
  readonly kind: "memory";
  readonly base: GeneralRegister;
  /** Any but rsp. */
  readonly index: GeneralRegister | undefined;
  /** Signed, 32 bits. */
  readonly displacement: number;
}

/** A place in the constants behind the code, relative to the instruction's end. */
export interface ConstantOperand {
  readonly kind: "constant";
  /** From the constants' beginning, in bytes. */
  readonly offset: number;
}

export type Operand = MemoryOperand | ConstantOperand;

export function memory(base: GeneralRegister, displacement = 0, index?: GeneralRegister): MemoryOperand {
  return { kind: "memory", base, index, displacement };
}
