/** @file Places scratch buffers in one stretch of memory so that buffers alive at different times share bytes. */
import type { Buffer } from "./buffer.ts";
import type { KernelCall } from "./kernel-call.ts";

export interface MemoryPlan {
  /** Byte offset of each scratch buffer. */
  readonly offsets: ReadonlyMap<Buffer, number>;
  /** Bytes of the stretch: the most that is alive at once, as far as this plan could pack it. */
  readonly bytes: number;
}

/** A cache line, and the widest vector. */
export const ALIGNMENT = 64;

export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

interface Allocation {
  readonly bytes: number;
  first: number;
  last: number;
}

export function planMemory(calls: readonly KernelCall[]): MemoryPlan {
  const allocationOf = new Map<Buffer, Allocation>();
  const touch = (buffer: Buffer, time: number) => {
    if (buffer.home.kind !== "scratch") return;
    const known = allocationOf.get(buffer);
    if (known) known.last = time;
    else allocationOf.set(buffer, { bytes: align(buffer.words * 4), first: time, last: time });
  };
  calls.forEach((call, time) => {
    for (const buffer of [...call.reads, ...call.writes]) touch(buffer, time);
  });
  shareInPlace(calls, allocationOf);
  return place(allocationOf);
}

/** Lets a result lie where an operand lay that the same call reads for the last time, element by element. */
function shareInPlace(calls: readonly KernelCall[], allocationOf: Map<Buffer, Allocation>): void {
  calls.forEach((call, time) => {
    for (const output of call.writes) {
      const result = allocationOf.get(output);
      if (!result || result.first !== time) continue;
      const operand = call.inPlace.find((buffer) => {
        const allocation = allocationOf.get(buffer);
        return (
          allocation !== undefined &&
          allocation !== result &&
          allocation.last === time &&
          allocation.bytes === result.bytes &&
          // Only one of several results may take an operand's place.
          !call.writes.some((other) => allocationOf.get(other) === allocation)
        );
      });
      const shared = operand && allocationOf.get(operand);
      if (!shared) continue;
      shared.last = result.last;
      for (const [buffer, allocation] of allocationOf)
        if (allocation === result) allocationOf.set(buffer, shared);
    }
  });
}

/** Greedy by size: each allocation goes to the lowest place where nothing alive at the same time lies. */
function place(allocationOf: ReadonlyMap<Buffer, Allocation>): MemoryPlan {
  const placed: { allocation: Allocation; offset: number }[] = [];
  let bytes = 0;
  const bySize = [...new Set(allocationOf.values())].sort((a, b) => b.bytes - a.bytes || a.first - b.first);
  for (const allocation of bySize) {
    const conflicts = placed
      .filter(
        (other) => other.allocation.first <= allocation.last && allocation.first <= other.allocation.last,
      )
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const conflict of conflicts) {
      if (offset + allocation.bytes <= conflict.offset) break;
      offset = Math.max(offset, conflict.offset + conflict.allocation.bytes);
    }
    placed.push({ allocation, offset });
    bytes = Math.max(bytes, offset + allocation.bytes);
  }
  const offsetOf = new Map(placed.map(({ allocation, offset }) => [allocation, offset]));
  const offsets = new Map(
    [...allocationOf].map(([buffer, allocation]) => [buffer, offsetOf.get(allocation) ?? 0]),
  );
  return { offsets, bytes };
}
