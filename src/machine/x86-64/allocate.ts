/** @file Which variable is in which register: linear scan over live ranges (Poletto and Sarkar 1999). */
import type { LiveRange } from "./live-ranges.ts";

export interface Allocation {
  /** The registers of variables by their ids; a variable without one lives on the stack. */
  readonly registers: ReadonlyMap<number, number>;
  /** The registers that hold nothing while the statement at a position reads and writes. */
  readonly freeAt: ReadonlyMap<number, readonly number[]>;
}

/**
 * Gives ranges that overlap different registers. Where there are too few, the variables that are used least live on the
 * stack.
 * @param registers in the order of preference
 * @param positions of all statements, ascending
 * @param temporariesAt how many registers must stay free at a position, for what is computed there
 * @throws RangeError where a position needs more than there are
 */
export function allocate(
  ranges: readonly LiveRange[],
  registers: readonly number[],
  positions: readonly number[],
  temporariesAt: ReadonlyMap<number, number>,
): Allocation {
  const kept = new Set(ranges);
  scan(ranges, positions, (position, live) => {
    const excess = live.length + (temporariesAt.get(position) ?? 0) - registers.length;
    if (excess <= 0) return live;
    if (excess > live.length) throw new RangeError("a statement needs more registers than there are");
    const least = [...live].sort((a, b) => a.weight - b.weight || a.id - b.id).slice(0, excess);
    for (const range of least) kept.delete(range);
    return live.filter((range) => kept.has(range));
  });
  return assign(kept, registers, positions);
}

function assign(
  kept: ReadonlySet<LiveRange>,
  registers: readonly number[],
  positions: readonly number[],
): Allocation {
  const found = new Map<number, number>();
  const freeAt = new Map<number, readonly number[]>();
  const without = (ranges: readonly LiveRange[]) => {
    const taken = new Set(ranges.map(({ id }) => found.get(id)));
    return registers.filter((register) => !taken.has(register));
  };
  scan([...kept], positions, (position, live) => {
    for (const { id, start } of live) {
      if (!found.has(id)) found.set(id, without(live.filter(({ end }) => end >= start))[0]);
    }
    freeAt.set(position, without(live));
    return live;
  });
  return { registers: found, freeAt };
}

/**
 * Visits the statements' positions with the ranges that are alive there, those that begin where others end included.
 * @param visit returns the ranges to go on with
 */
function scan(
  ranges: readonly LiveRange[],
  positions: readonly number[],
  visit: (position: number, live: readonly LiveRange[]) => readonly LiveRange[],
): void {
  const coming = [...ranges].sort((a, b) => a.start - b.start || a.id - b.id);
  let next = 0;
  let live: readonly LiveRange[] = [];
  for (const position of positions) {
    const begun: LiveRange[] = [];
    while (next < coming.length && coming[next].start <= position + 1) begun.push(coming[next++]);
    live = visit(
      position,
      [...live, ...begun].filter(({ end }) => end >= position),
    );
  }
}
