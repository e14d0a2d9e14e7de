import type { Slab } from "./slab.ts";

/**
 * Where a buffer's numbers are kept: scratch memory that the plan reuses; memory that is this buffer's alone for
 * the whole run (inputs, constants, outputs); or a part of a slab.
 */
export type BufferHome =
  | { readonly kind: "scratch" }
  | { readonly kind: "own"; readonly initial?: Float32Array | Int32Array }
  | { readonly kind: "slab"; readonly slab: Slab; readonly offset: number };

/** A stretch of 32-bit words that kernels read and write. */
export class Buffer {
  readonly words: number;
  /** May change until memory is planned: a result can be written straight into a slab. */
  home: BufferHome;

  constructor(words: number, home: BufferHome) {
    this.words = words;
    this.home = home;
  }
}
