/** @file Writes results straight into the slabs they are assigned to, where nothing still needs the old contents. */
import type { Buffer } from "./buffer.ts";
import { copyCall } from "./copy-call.ts";
import type { KernelCall } from "./lowering.ts";

export interface PlannedAssignment {
  readonly target: Buffer;
  readonly value: Buffer;
}

/**
 * An assignment takes effect when the program ends. It costs nothing when its value can be computed in place:
 * the value is scratch, and every read of the target's old contents happens before the value is first written
 * or by the very kernel that writes it, element by element.
 */
export function redirectAssignments(
  calls: readonly KernelCall[],
  assignments: readonly PlannedAssignment[],
  outputs: readonly Buffer[],
): KernelCall[] {
  const copies: KernelCall[] = [];
  for (const { target, value } of assignments) {
    const direct =
      value.home.kind === "scratch" && !outputs.includes(value) && canWriteDirectly(calls, target, value);
    if (direct) value.home = target.home;
    else copies.push(copyCall(value, target, "assignment"));
  }
  return [...calls, ...withoutHazard(copies)];
}

function canWriteDirectly(calls: readonly KernelCall[], target: Buffer, value: Buffer): boolean {
  const firstWrite = calls.findIndex((call) => call.writes.includes(value));
  if (firstWrite < 0) return false;
  return calls.every((call, time) =>
    call.reads.every((read) => {
      if (read === value || !overlap(read, target)) return true;
      if (time < firstWrite) return true;
      const sameElements = read.words === target.words && startOf(read) === startOf(target);
      return time === firstWrite && sameElements && call.inPlace.includes(read);
    }),
  );
}

function startOf(buffer: Buffer): number {
  return buffer.home.kind === "slab" ? buffer.home.offset : -1;
}

function overlap(a: Buffer, b: Buffer): boolean {
  if (a.home.kind !== "slab" || b.home.kind !== "slab" || a.home.slab !== b.home.slab) return false;
  return a.home.offset < b.home.offset + b.words && b.home.offset < a.home.offset + a.words;
}

/** Copies at the end run one after the other: one that reads what an earlier one overwrites must come first. */
function withoutHazard(copies: readonly KernelCall[]): KernelCall[] {
  const rest = [...copies];
  const ordered: KernelCall[] = [];
  while (rest.length > 0) {
    const next = rest.findIndex((candidate) =>
      rest.every(
        (other) => other === candidate || !other.reads.some((read) => overlap(read, candidate.writes[0])),
      ),
    );
    // A cycle (two variables exchanged) cannot be ordered; fuse() gives such values buffers of their own.
    ordered.push(...rest.splice(Math.max(next, 0), 1));
  }
  return ordered;
}
