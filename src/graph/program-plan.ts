/** @file Planning: from kernel calls to a program as data, which a device loads. */
import type { Buffer } from "./buffer.ts";
import { checkPlan } from "./check-calls.ts";
import type { LoweredGraph } from "./graph.ts";
import type { KernelPlan } from "./kernel-call.ts";
import { align, planMemory, type MemoryPlan } from "./memory-plan.ts";
import type { Slab } from "./slab.ts";

/** All of a program that does not depend on what runs it: no addresses, no code, no threads. */
export interface ProgramPlan extends LoweredGraph {
  /** The kernels that the calls ask for, each once, by their keys. */
  readonly requests: ReadonlyMap<string, KernelPlan>;
  /** All that calls read and write, and all inputs and outputs. */
  readonly buffers: ReadonlySet<Buffer>;
  /** The places of the buffers that last for one run. */
  readonly scratch: MemoryPlan;
  /** Bytes of the same buffers without reuse. */
  readonly unplannedBytes: number;
  /** Bytes of inputs, outputs, constants and prepared results. */
  readonly ownBytes: number;
  /** Bytes of the slabs that it uses. */
  readonly slabBytes: number;
}

export function planProgram(lowered: LoweredGraph): ProgramPlan {
  const { preparation, inputs, outputs } = lowered;
  const calls = [...preparation, ...lowered.calls];
  const scratch = planMemory(calls);
  checkPlan(calls, scratch);
  const buffers = new Set([
    ...inputs,
    ...outputs,
    ...calls.flatMap(({ reads, writes }) => [...reads, ...writes]),
  ]);
  const slabs = new Set<Slab>();
  let ownBytes = 0;
  for (const buffer of buffers) {
    if (buffer.home.kind === "slab") slabs.add(buffer.home.slab);
    else if (buffer.home.kind === "own") ownBytes += bytesOf(buffer);
  }
  return {
    ...lowered,
    requests: new Map(calls.map(({ key, request, machine }) => [key, { request, machine }])),
    buffers,
    scratch,
    unplannedBytes: [...scratch.offsets.keys()].reduce((sum, buffer) => sum + bytesOf(buffer), 0),
    ownBytes,
    slabBytes: [...slabs].reduce((sum, { length }) => sum + align(length * WORD_BYTES), 0),
  };
}

const WORD_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** The memory that a buffer takes. */
export function bytesOf({ words }: Buffer): number {
  return align(words * WORD_BYTES);
}
