import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../../random/generator.ts";
import { allocate, NO_REGISTER } from "./allocate.ts";
import type { LiveRange } from "./live-ranges.ts";

const REGISTERS = [3, 1, 9, 12];
const everyRegister = REGISTERS.reduce((bits, register) => bits | (1 << register), 0);

/** Statements at even positions with gaps, where loops end; ranges that start on entry, with a read or with a write. */
function randomRanges(seed: number): { ranges: LiveRange[]; positions: number[] } {
  const g = new Generator(deriveKey("ranges", seed));
  const positions: number[] = [];
  for (let position = 0; positions.length < 30; position += 2) if (g.integer(5) > 0) positions.push(position);
  const ranges = Array.from({ length: 1 + g.integer(40) }, (_, id) => {
    const first = g.integer(6) === 0 ? -1 : positions[g.integer(positions.length)] + g.integer(2);
    const end = Math.max(first, g.integer(3) === 0 ? first : positions[g.integer(positions.length)]);
    return { id, start: first, end, weight: 1 + g.integer(1000) };
  });
  return { ranges, positions };
}

describe("linear scan", () => {
  it("gives ranges that overlap different registers, as long as there are some", () => {
    for (let seed = 0; seed < 300; seed++) {
      const { ranges, positions } = randomRanges(seed);
      const { registers } = allocate(ranges, ranges.length, REGISTERS, positions);
      const kept = ranges.filter(({ id }) => registers[id] !== NO_REGISTER);
      for (const a of kept) {
        expect(REGISTERS).toContain(registers[a.id]);
        for (const b of kept) {
          const overlaps = a !== b && a.start <= b.end && b.start <= a.end;
          if (overlaps) expect(registers[a.id]).not.toBe(registers[b.id]);
        }
      }
      // Nobody lives on the stack where all that is alive together fits the registers.
      for (const range of ranges.filter(({ id }) => registers[id] === NO_REGISTER)) {
        const crowded = [-1, ...positions].some((position) => {
          const alive = ranges.filter(({ start, end }) => start <= position + 1 && end >= position);
          return alive.includes(range) && alive.length > REGISTERS.length;
        });
        expect(crowded).toBe(true);
      }
    }
  });

  it("knows which registers hold nothing while a statement reads and writes", () => {
    for (let seed = 0; seed < 300; seed++) {
      const { ranges, positions } = randomRanges(seed);
      const { registers, freeAt } = allocate(ranges, ranges.length, REGISTERS, positions);
      positions.forEach((position, statement) => {
        const taken = ranges
          .filter(({ id, start, end }) => {
            return registers[id] !== NO_REGISTER && start <= position + 1 && end >= position;
          })
          .reduce((bits, { id }) => bits | (1 << registers[id]), 0);
        expect(freeAt[statement]).toBe(everyRegister & ~taken);
      });
    }
  });

  it("keeps what is used most, and has room for parameters that nothing reads", () => {
    const unread = Array.from({ length: 3 }, (_, id) => ({ id, start: -1, end: -1, weight: 1 }));
    const read = [5, 2, 9, 7].map((weight, i) => ({ id: 3 + i, start: -1, end: 4, weight }));
    const late = { id: 7, start: 3, end: 4, weight: 4 };
    const ranges = [...unread, ...read, late];
    const { registers } = allocate(ranges, ranges.length, REGISTERS, [0, 2, 4]);
    const onStack = [...registers].flatMap((register, id) => (register === NO_REGISTER ? [id] : []));
    expect(onStack).toEqual([0, 1, 2, 4]);
  });
});
