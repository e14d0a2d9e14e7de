/** @file Which variable is in which register: linear scan over live ranges (Poletto and Sarkar 1999). */
import type { LiveRange } from "./live-ranges.ts";

/** What a variable has that lives on the stack. */
export const NO_REGISTER = -1;

/** The registers of variables by their ids. */
export type RegistersById = Int8Array;

export interface Allocation {
  readonly registers: RegistersById;
  /** For each statement the registers that hold nothing while it reads and writes, one bit each. */
  readonly freeAt: Int32Array;
}

/**
 * Gives ranges that overlap different registers. Where there are too few, the variables that are used least live on the
 * stack.
 * @param count of variables
 * @param registers in the order of preference, each below 32
 * @param positions of all statements, ascending
 */
export function allocate(
  ranges: readonly LiveRange[],
  count: number,
  registers: readonly number[],
  positions: readonly number[],
): Allocation {
  const order = [...ranges].sort((a, b) => a.start - b.start || a.id - b.id);
  const kept = chooseKept(order, registers.length, positions);
  return assign(kept, count, registers, positions);
}

/** The ranges that get a register, in their order. */
function chooseKept(
  order: readonly LiveRange[],
  count: number,
  positions: readonly number[],
): readonly LiveRange[] {
  const dropped = new Set<LiveRange>();
  const scan = new LiveScan(order);
  for (const position of positions) {
    if (position < scan.nextChange) continue;
    scan.moveTo(position);
    const { live } = scan;
    while (live.length > count) dropped.add(takeLeastUsed(live));
  }
  return dropped.size === 0 ? order : order.filter((range) => !dropped.has(range));
}

/** Takes the range with the least uses out of a list, whose order it changes. */
function takeLeastUsed(live: LiveRange[]): LiveRange {
  let least = 0;
  for (let i = 1; i < live.length; i++) {
    const difference = live[i].weight - live[least].weight || live[i].id - live[least].id;
    if (difference < 0) least = i;
  }
  const range = live[least];
  live[least] = live[live.length - 1];
  live.pop();
  return range;
}

function assign(
  kept: readonly LiveRange[],
  count: number,
  registers: readonly number[],
  positions: readonly number[],
): Allocation {
  const found = new Int8Array(count).fill(NO_REGISTER);
  const freeAt = new Int32Array(positions.length);
  const all = registers.reduce((bits, register) => bits | (1 << register), 0);
  const scan = new LiveScan(kept);
  let taken = 0;
  for (let i = 0; i < positions.length; i++) {
    if (positions[i] >= scan.nextChange) {
      scan.moveTo(positions[i]);
      const { live } = scan;
      for (const { id, start } of live) {
        if (found[id] === NO_REGISTER) found[id] = firstFree(registers, takenBy(live, found, start));
      }
      taken = takenBy(live, found, 0);
    }
    freeAt[i] = all & ~taken;
  }
  return { registers: found, freeAt };
}

/** The registers of those ranges that end at a position or later, one bit each. */
function takenBy(live: readonly LiveRange[], found: RegistersById, position: number): number {
  let taken = 0;
  for (const { id, end } of live) {
    const register = found[id];
    if (register !== NO_REGISTER && end >= position) taken |= 1 << register;
  }
  return taken;
}

function firstFree(registers: readonly number[], taken: number): number {
  for (const register of registers) if ((taken & (1 << register)) === 0) return register;
  throw new RangeError("more variables are alive than there are registers");
}

/** Behind all statements. An integer as all positions are: engines keep those in less. */
const UNKNOWN_END = 0x3fffffff;

/** Goes through the statements with the ranges that are alive at each, those that begin where others end included. */
class LiveScan {
  /** A visitor may take ranges out. */
  live: LiveRange[] = [];
  private readonly order: readonly LiveRange[];
  /** Up to here, exclusively, the same ranges are alive. */
  nextChange = 0;
  private next = 0;
  private firstEnd = UNKNOWN_END;

  /** @param order the ranges by their starts */
  constructor(order: readonly LiveRange[]) {
    this.order = order;
  }

  moveTo(position: number): void {
    const { live, order } = this;
    if (this.firstEnd < position) this.expire(position);
    while (this.next < order.length && order[this.next].start <= position + 1) {
      const range = order[this.next++];
      if (range.end < position) continue;
      live.push(range);
      if (range.end < this.firstEnd) this.firstEnd = range.end;
    }
    const begins = this.next < order.length ? order[this.next].start - 1 : UNKNOWN_END;
    this.nextChange = Math.min(this.firstEnd + 1, begins);
  }

  private expire(position: number): void {
    const { live } = this;
    let count = 0;
    this.firstEnd = UNKNOWN_END;
    for (const range of live) {
      if (range.end < position) continue;
      live[count++] = range;
      if (range.end < this.firstEnd) this.firstEnd = range.end;
    }
    live.length = count;
  }
}
