/** @file Gives every buffer of a program an address. */
import type { Buffer } from "./buffer.ts";
import type { LoweredGraph } from "./graph.ts";
import type { KernelCall } from "./lowering.ts";
import { checkPlan } from "./check-calls.ts";
import { align, planMemory } from "./memory-plan.ts";
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

/** @param scratchBytes the largest scratch memory that any kernel needs per thread */
export function placeBuffers(
  lowered: LoweredGraph,
  space: AddressSpace,
  threads: number,
  scratchBytes: number,
): Placement {
  const { calls, inputs, outputs } = lowered;
  const addresses = new Map<Buffer, number>();
  const plan = planMemory(calls);
  checkPlan(calls, plan);
  let ownBytes = 0;
  const buffers = [...inputs, ...outputs, ...calls.flatMap((call) => [...call.reads, ...call.writes])];
  for (const buffer of new Set(buffers)) {
    const { home } = buffer;
    if (home.kind === "slab") {
      addresses.set(buffer, space.addressOf(home.slab) + home.offset * Float32Array.BYTES_PER_ELEMENT);
    } else if (home.kind === "own") {
      const bytes = bytesOf(buffer);
      addresses.set(buffer, space.allocate(bytes));
      ownBytes += bytes;
    }
  }
  const threadBytes = align(scratchBytes);
  const scratch = space.scratchOf(plan.bytes + threadBytes * threads);
  for (const [buffer, offset] of plan.offsets) {
    if (buffer.home.kind === "scratch") addresses.set(buffer, scratch + offset);
  }
  return {
    addresses,
    ownBytes,
    plannedBytes: plan.bytes,
    unplannedBytes: [...plan.offsets.keys()].reduce((sum, buffer) => sum + bytesOf(buffer), 0),
    threadAddress: scratch + plan.bytes,
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
