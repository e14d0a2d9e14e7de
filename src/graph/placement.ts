/** @file Gives every buffer of a program an address. */
import type { Buffer } from "./buffer.ts";
import type { LoweredGraph } from "./graph.ts";
import type { KernelCall } from "./kernel-call.ts";
import { checkPlan } from "./check-calls.ts";
import { align, planMemory, type MemoryPlan } from "./memory-plan.ts";
import type { Slab } from "./slab.ts";

/** Memory that addresses are taken from. */
export interface AddressSpace {
  /** Memory that stays a buffer's own. */
  allocate(bytes: number): number;
  /** Memory whose contents last for one run. */
  scratchOf(bytes: number): number;
  addressOf(slab: Slab): number;
}

export interface Placement {
  readonly addresses: ReadonlyMap<Buffer, number>;
  /** Bytes of inputs, outputs and constants. */
  readonly ownBytes: number;
  /** Bytes of buffers that last for one run, with and without reuse. */
  readonly plannedBytes: number;
  readonly unplannedBytes: number;
  /** The first thread's own memory, and the bytes of each thread's, one after the other. */
  readonly threadAddress: number;
  readonly threadBytes: number;
}

/** The memory that a program needs, before it has any. */
export interface BufferPlan {
  readonly buffers: ReadonlySet<Buffer>;
  /** The places of the buffers that last for one run. */
  readonly scratch: MemoryPlan;
  readonly threads: number;
  /** Each thread's own scratch memory. */
  readonly threadBytes: number;
  /** All of it: the slabs, what stays a buffer's own, and what lasts for one run. */
  readonly totalBytes: number;
}

/** @param scratchBytes the largest scratch memory that any kernel needs per thread */
export function planBuffers(lowered: LoweredGraph, threads: number, scratchBytes: number): BufferPlan {
  const { calls, inputs, outputs } = lowered;
  const scratch = planMemory(calls);
  checkPlan(calls, scratch);
  const threadBytes = align(scratchBytes);
  const buffers = new Set([
    ...inputs,
    ...outputs,
    ...calls.flatMap(({ reads, writes }) => [...reads, ...writes]),
  ]);
  const slabs = new Set<Slab>();
  let totalBytes = scratch.bytes + threadBytes * threads;
  for (const buffer of buffers) {
    if (buffer.home.kind === "slab") slabs.add(buffer.home.slab);
    else if (buffer.home.kind === "own") totalBytes += bytesOf(buffer);
  }
  for (const { length } of slabs) totalBytes += align(length * Float32Array.BYTES_PER_ELEMENT);
  return { buffers, scratch, threads, threadBytes, totalBytes };
}

export function placeBuffers(plan: BufferPlan, space: AddressSpace): Placement {
  const { scratch: scratchPlan, threads, threadBytes } = plan;
  const addresses = new Map<Buffer, number>();
  let ownBytes = 0;
  for (const buffer of plan.buffers) {
    const { home } = buffer;
    if (home.kind === "slab") {
      addresses.set(buffer, space.addressOf(home.slab) + home.offset * Float32Array.BYTES_PER_ELEMENT);
    } else if (home.kind === "own") {
      const bytes = bytesOf(buffer);
      addresses.set(buffer, space.allocate(bytes));
      ownBytes += bytes;
    }
  }
  const scratch = space.scratchOf(scratchPlan.bytes + threadBytes * threads);
  for (const [buffer, offset] of scratchPlan.offsets) {
    if (buffer.home.kind === "scratch") addresses.set(buffer, scratch + offset);
  }
  return {
    addresses,
    ownBytes,
    plannedBytes: scratchPlan.bytes,
    unplannedBytes: [...scratchPlan.offsets.keys()].reduce((sum, buffer) => sum + bytesOf(buffer), 0),
    threadAddress: scratch + scratchPlan.bytes,
    threadBytes,
  };
}

function bytesOf({ words }: Buffer): number {
  return align(words * Float32Array.BYTES_PER_ELEMENT);
}

/** The addresses that a call hands to its kernel. */
export function pointersOf({ reads, writes, label }: KernelCall, { addresses }: Placement): number[] {
  return [...reads, ...writes].map((buffer) => {
    const address = addresses.get(buffer);
    if (address === undefined) throw new RangeError(`${label}: a buffer was not placed`);
    return address;
  });
}
