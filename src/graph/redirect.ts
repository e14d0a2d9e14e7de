/** @file Writes results straight into the slabs they are assigned to, where nothing still needs the old contents. */
import { Buffer } from "./buffer.ts";
import { copyCall } from "./copy-call.ts";
import type { KernelCall } from "./kernel-call.ts";

export interface PlannedAssignment {
  readonly target: Buffer;
  readonly value: Buffer;
}

/**
 * An assignment takes effect when the program ends; of several to the same words the last one counts. It costs
 * nothing when its value can be computed in place. The others are copied at the end, in order.
 */
export function redirectAssignments(
  calls: readonly KernelCall[],
  assignments: readonly PlannedAssignment[],
): KernelCall[] {
  const copied = assignments.filter((assignment) => {
    const direct = canWriteDirectly(calls, assignment, assignments);
    if (direct) assignment.value.home = assignment.target.home;
    return !direct;
  });
  return [...calls, ...copiesInOrder(copied)];
}

/**
 * The value must be scratch, no other assignment may touch the target's words, and every read of the target's old
 * contents must happen before the value is first written or by the very kernel that writes it, element by element.
 */
function canWriteDirectly(
  calls: readonly KernelCall[],
  { target, value }: PlannedAssignment,
  assignments: readonly PlannedAssignment[],
): boolean {
  if (value.home.kind !== "scratch") return false;
  const touchedElsewhere = assignments.some(
    (other) =>
      (other.target !== target && overlap(other.target, target)) ||
      // A value that lies in a slab is read by a copy at the end.
      overlap(other.value, target),
  );
  const firstWrite = calls.findIndex((call) => call.writes.includes(value));
  if (touchedElsewhere || firstWrite < 0) return false;
  return calls.every((call, time) =>
    call.reads.every((read) => {
      if (time < firstWrite || !overlap(read, target)) return true;
      return time === firstWrite && samePlace(read, target) && call.inPlace.includes(read);
    }),
  );
}

/** One copy an assignment. A value that an earlier copy would overwrite, or that overlaps its own target, is saved first. */
function copiesInOrder(assignments: readonly PlannedAssignment[]): KernelCall[] {
  const saves: KernelCall[] = [];
  const copies: KernelCall[] = [];
  assignments.forEach(({ target, value }, i) => {
    const overwritten = assignments.slice(0, i).some((earlier) => overlap(value, earlier.target));
    if (samePlace(value, target) && !overwritten) return;
    let source = value;
    if (overwritten || overlap(value, target)) {
      source = new Buffer(value.words, { kind: "scratch" });
      saves.push(copyCall(value, source, "old value"));
    }
    copies.push(copyCall(source, target, "assignment"));
  });
  return [...saves, ...copies];
}

function samePlace(a: Buffer, b: Buffer): boolean {
  return overlap(a, b) && startOf(a) === startOf(b) && a.words === b.words;
}

function startOf(buffer: Buffer): number {
  return buffer.home.kind === "slab" ? buffer.home.offset : -1;
}

function overlap(a: Buffer, b: Buffer): boolean {
  if (a.home.kind !== "slab" || b.home.kind !== "slab" || a.home.slab !== b.home.slab) return false;
  return a.home.offset < b.home.offset + b.words && b.home.offset < a.home.offset + a.words;
}
