/** @file Which variable is in which register: linear scan over live ranges (Poletto and Sarkar 1999). */

import type { LiveRange } from "./live-ranges.ts";

/** The registers of variables by their ids; a variable without one lives on the stack. */
export type Allocation = ReadonlyMap<number, number>;

/**
 * Gives ranges that overlap different registers. Where there are too few, the variables that are used least live on the
 * stack.
 * @param registers in the order of preference
 * @param temporariesAt how many registers must stay free at a position, for what is computed there
 */
export function allocate(
  ranges: readonly LiveRange[],
  registers: readonly number[],
  temporariesAt: ReadonlyMap<number, number>,
): Allocation {
  const kept = new Set(ranges);
  for (const [position, temporaries] of temporariesAt) {
    const live = [...kept].filter(({ start, end }) => start <= position + 1 && end >= position);
    live.sort((a, b) => a.weight - b.weight || a.id - b.id);
    const excess = live.length + temporaries - registers.length;
    for (const range of live.slice(0, Math.max(0, excess))) kept.delete(range);
  }
  return scan(kept, registers);
}

function scan(ranges: ReadonlySet<LiveRange>, registers: readonly number[]): Allocation {
  const allocation = new Map<number, number>();
  let free = [...registers];
  let active: LiveRange[] = [];
  const register = (range: LiveRange): number => allocation.get(range.id) ?? missing(range);
  for (const range of [...ranges].sort((a, b) => a.start - b.start || a.id - b.id)) {
    const ended = active.filter(({ end }) => end < range.start);
    active = active.filter(({ end }) => end >= range.start);
    const released = new Set([...free, ...ended.map(register)]);
    free = registers.filter((number) => released.has(number));
    const chosen = free.shift();
    if (chosen !== undefined) {
      allocation.set(range.id, chosen);
      active.push(range);
      continue;
    }
    const least = active.reduce((a, b) => (b.weight < a.weight ? b : a));
    if (least.weight >= range.weight) continue;
    allocation.set(range.id, register(least));
    allocation.delete(least.id);
    active = [...active.filter((other) => other !== least), range];
  }
  return allocation;
}

function missing(range: LiveRange): never {
  throw new RangeError(`variable ${range.id} has no register`);
}
