/** @file How functions are entered and left, on Windows and everywhere else (System V). */
import type { Assembler } from "./assembler.ts";
import { VECTOR } from "./instructions.ts";
import { GENERAL, memory, type GeneralRegister } from "./registers.ts";

export type CallingConvention = "system-v" | "windows";

const { rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r12, r13, r14, r15 } = GENERAL;

interface Convention {
  /** Registers of the first arguments. */
  readonly arguments: readonly [GeneralRegister, GeneralRegister, GeneralRegister, GeneralRegister];
  /** The registers that a function must preserve, besides rbp. */
  readonly saved: readonly GeneralRegister[];
  /** The same of vector registers, of which only the lower halves matter. */
  readonly savedVectors: readonly number[];
  /** Bytes that a caller leaves free below its return address. */
  readonly callArea: number;
}

export const CONVENTIONS: Record<CallingConvention, Convention> = {
  "system-v": {
    arguments: [rdi, rsi, rdx, rcx],
    saved: [rbx, r12, r13, r14, r15],
    savedVectors: [],
    callArea: 0,
  },
  windows: {
    arguments: [rcx, rdx, r8, r9],
    saved: [rbx, rdi, rsi, r12, r13, r14, r15],
    savedVectors: [6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    callArea: 32,
  },
};

const VECTOR_BYTES = 32;
const PAGE_BYTES = 4096;

/** Saves registers and makes room on the stack: `bytes` from rsp, which is a multiple of 64. Uses rax. */
export function emitEntry(assembler: Assembler, convention: CallingConvention, bytes: number): void {
  const { saved, savedVectors } = CONVENTIONS[convention];
  assembler.push(rbp);
  assembler.move64(rbp, rsp);
  for (const register of saved) assembler.push(register);
  const kept = 8 * saved.length;
  const room = kept + VECTOR_BYTES * savedVectors.length + bytes;
  // Windows maps a stack's pages one after the other as they are touched.
  for (let page = PAGE_BYTES; page < room + 64; page += PAGE_BYTES) assembler.store(memory(rsp, -page), rax);
  assembler.addImmediate64(rsp, kept - room);
  assembler.alignStackPointer();
  savedVectors.forEach((register, i) => {
    assembler.vector(VECTOR.vmovupsStore, 256, register, 0, vectorPlace(kept, i));
  });
}

/** Restores what {@link emitEntry} saved, and returns. */
export function emitReturn(assembler: Assembler, convention: CallingConvention): void {
  const { saved, savedVectors } = CONVENTIONS[convention];
  savedVectors.forEach((register, i) => {
    assembler.vector(VECTOR.vmovups, 256, register, 0, vectorPlace(8 * saved.length, i));
  });
  assembler.loadAddress(rsp, memory(rbp, -8 * saved.length));
  for (const register of [...saved].reverse()) assembler.pop(register);
  assembler.pop(rbp);
  assembler.vzeroupper();
  assembler.return();
}

function vectorPlace(kept: number, i: number) {
  return memory(rbp, -kept - VECTOR_BYTES * (i + 1));
}
