import type { KernelCode } from "../machine/ir.ts";

/**
 * A kernel specialised to the shapes at hand. Its parameters are (start, end, scratch, pointer 0, pointer 1, …):
 * it does the units start … end-1 of `units`. Units are independent and each result is computed inside one
 * unit, so the bits do not depend on how units are shared among threads.
 */
export interface Kernel {
  readonly code: KernelCode;
  readonly units: number;
  /** Bytes of scratch memory that each thread needs for itself. */
  readonly scratchBytes: number;
}

/** Position of the first pointer among a kernel's parameters. */
export const FIRST_POINTER = 3;

export const FLOAT_BYTES = 4;
export const DOUBLE_BYTES = 8;
