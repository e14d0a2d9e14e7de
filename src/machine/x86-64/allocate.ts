/** @file Register allocation: linear scan over live ranges (Poletto and Sarkar 1999). */
import { ENTRY, type LiveRange } from "./live-ranges.ts";

/** The register of a variable that lives on the stack. */
export const NO_REGISTER = -1;

/** The registers of variables by their ids. */
export type RegistersById = Int8Array;

export interface Allocation {
  readonly registers: RegistersById;
  /** For each statement the registers that hold nothing while it reads and writes, one bit each. */
  readonly freeAt: Int32Array;
}

/**
 * Assigns different registers to overlapping ranges. Where there are too few, the least used variables live on the stack.
 * @param ranges the live ranges by rising ids
 * @param count the number of variables
 * @param registers the registers in order of preference, each below 32
 * @param positions the positions of all statements, ascending
 */
export function allocate(
  ranges: readonly LiveRange[],
  count: number,
  registers: readonly number[],
  positions: readonly number[],
): Allocation {
  const timeline = new Timeline(ranges);
  const found = new Int8Array(count).fill(NO_REGISTER);
  assign(timeline, chooseDropped(timeline, registers.length, positions), registers, found);
  return { registers: found, freeAt: freeRegisters(timeline, found, registers, positions) };
}

/** Ends a chain. */
const NONE = -1;

/** Ranges by where they start and where they end, found without sorting: this runs in code that is not yet optimised. */
class Timeline {
  readonly ranges: readonly LiveRange[];
  /** The first range that starts at each position, from ENTRY on; for each range the next one that starts there too. */
  readonly starts: Int32Array;
  readonly nextStart: Int32Array;
  readonly ends: Int32Array;
  readonly nextEnd: Int32Array;

  constructor(ranges: readonly LiveRange[]) {
    this.ranges = ranges;
    let last = 0;
    for (const { end } of ranges) if (end > last) last = end;
    this.starts = new Int32Array(last + 2).fill(NONE);
    this.ends = new Int32Array(last + 2).fill(NONE);
    this.nextStart = new Int32Array(ranges.length);
    this.nextEnd = new Int32Array(ranges.length);
    // From the last on, so that each chain goes up.
    for (let i = ranges.length - 1; i >= 0; i--) {
      const { start, end } = ranges[i];
      this.nextStart[i] = this.starts[start + 1];
      this.starts[start + 1] = i;
      this.nextEnd[i] = this.ends[end + 1];
      this.ends[end + 1] = i;
    }
  }

  /** Where the last range ends. */
  get last(): number {
    return this.ends.length - 2;
  }
}

/**
 * For each range 1 if it gets no register. A statement's results count as alive beside its operands, and all parameters
 * on entry, also those that nothing reads.
 */
function chooseDropped(timeline: Timeline, count: number, positions: readonly number[]): Uint8Array {
  const { ranges, starts, ends, nextStart, nextEnd, last } = timeline;
  const dropped = new Uint8Array(ranges.length);
  /** Those that started, some of which may have ended. */
  let started: number[] = [];
  let alive = 0;
  let [nextStarting, nextEnding] = [ENTRY, ENTRY];
  for (let statement = -1; statement < positions.length; statement++) {
    const position = statement < 0 ? ENTRY : positions[statement];
    for (; nextStarting <= Math.min(position + 1, last); nextStarting++) {
      for (let i = starts[nextStarting + 1]; i !== NONE; i = nextStart[i]) {
        started.push(i);
        alive++;
      }
    }
    for (; nextEnding <= Math.min(position - 1, last); nextEnding++) {
      for (let i = ends[nextEnding + 1]; i !== NONE; i = nextEnd[i]) if (!dropped[i]) alive--;
    }
    if (alive <= count) continue;
    started = started.filter((i) => ranges[i].end >= position && !dropped[i]);
    for (; alive > count; alive--) dropped[leastUsed(ranges, started, dropped)] = 1;
  }
  return dropped;
}

/** The range with the least uses; the first of several. */
function leastUsed(
  ranges: readonly LiveRange[],
  candidates: readonly number[],
  dropped: Readonly<Uint8Array>,
): number {
  let least = NONE;
  for (const i of candidates) {
    if (!dropped[i] && (least === NONE || ranges[i].weight < ranges[least].weight)) least = i;
  }
  return least;
}

/** Gives each range that is not dropped the first register that none has which is alive when it starts. */
function assign(
  timeline: Timeline,
  dropped: Readonly<Uint8Array>,
  registers: readonly number[],
  found: RegistersById,
): void {
  const { ranges, starts, ends, nextStart, nextEnd, last } = timeline;
  let taken = 0;
  for (let position = ENTRY; position <= last; position++) {
    for (let i = starts[position + 1]; i !== NONE; i = nextStart[i]) {
      if (dropped[i]) continue;
      const register = firstFree(registers, taken);
      found[ranges[i].id] = register;
      taken |= 1 << register;
    }
    for (let i = ends[position + 1]; i !== NONE; i = nextEnd[i]) {
      if (!dropped[i]) taken &= ~(1 << found[ranges[i].id]);
    }
  }
}

function firstFree(registers: readonly number[], taken: number): number {
  for (const register of registers) if ((taken & (1 << register)) === 0) return register;
  throw new RangeError("more variables are alive than there are registers");
}

/** A register is free at a statement if no range holds it that ends there or later, or starts with its results or before. */
function freeRegisters(
  timeline: Timeline,
  found: RegistersById,
  registers: readonly number[],
  positions: readonly number[],
): Int32Array {
  const { ranges, starts, ends, nextStart, nextEnd, last } = timeline;
  const freeAt = new Int32Array(positions.length);
  /** The number of variables in each register: two where a result takes the register of an operand. */
  const holders = new Uint8Array(32);
  let free = 0;
  for (const register of registers) free |= 1 << register;
  let [nextStarting, nextEnding] = [ENTRY, ENTRY];
  positions.forEach((position, statement) => {
    for (; nextStarting <= Math.min(position + 1, last); nextStarting++) {
      for (let i = starts[nextStarting + 1]; i !== NONE; i = nextStart[i]) {
        const register = found[ranges[i].id];
        if (register === NO_REGISTER) continue;
        holders[register]++;
        free &= ~(1 << register);
      }
    }
    for (; nextEnding <= Math.min(position - 1, last); nextEnding++) {
      for (let i = ends[nextEnding + 1]; i !== NONE; i = nextEnd[i]) {
        const register = found[ranges[i].id];
        if (register !== NO_REGISTER && --holders[register] === 0) free |= 1 << register;
      }
    }
    freeAt[statement] = free;
  });
  return freeAt;
}
