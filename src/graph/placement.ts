/** @file Gives every buffer of a planned program an address in flat memory. */
import type { Buffer } from "./buffer.ts";
import type { KernelCall } from "./kernel-call.ts";
import { bytesOf, type ProgramPlan } from "./program-plan.ts";
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
  /** The first thread's own memory; each thread's follows that of the one before. */
  readonly threadAddress: number;
}

/** @param threadBytes bytes of all threads' own memory, which lies behind the buffers that last for one run */
export function placeBuffers(plan: ProgramPlan, space: AddressSpace, threadBytes: number): Placement {
  const addresses = new Map<Buffer, number>();
  for (const buffer of plan.buffers) {
    const { home } = buffer;
    if (home.kind === "slab") {
      addresses.set(buffer, space.addressOf(home.slab) + home.offset * Float32Array.BYTES_PER_ELEMENT);
    } else if (home.kind === "own") {
      addresses.set(buffer, space.allocate(bytesOf(buffer)));
    }
  }
  const scratch = space.scratchOf(plan.scratch.bytes + threadBytes);
  for (const [buffer, offset] of plan.scratch.offsets) {
    if (buffer.home.kind === "scratch") addresses.set(buffer, scratch + offset);
  }
  return { addresses, threadAddress: scratch + plan.scratch.bytes };
}

/** The addresses that a call hands to its kernel. */
export function pointersOf({ reads, writes, label }: KernelCall, { addresses }: Placement): number[] {
  return [...reads, ...writes].map((buffer) => {
    const address = addresses.get(buffer);
    if (address === undefined) throw new RangeError(`${label}: a buffer was not placed`);
    return address;
  });
}
