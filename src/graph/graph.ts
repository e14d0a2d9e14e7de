/** @file A traced function, and the same as calls of kernels. */
import type { Buffer } from "./buffer.ts";
import type { KernelCall } from "./kernel-call.ts";
import type { Slab } from "./slab.ts";
import type { Assignment } from "./sources.ts";
import type { Tensor } from "./tensor.ts";

/** A traced function. */
export interface Graph {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly assignments: readonly Assignment[];
  /** Slabs that other programs write between any two runs, so that it pays to prepare nothing of what is in them. */
  readonly changing?: readonly Slab[];
}

/** A graph as calls of kernels over buffers. */
export interface LoweredGraph {
  /** Calls whose results are the same in every run, until a slab changes that they read. */
  readonly preparation: readonly KernelCall[];
  readonly calls: readonly KernelCall[];
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
}
