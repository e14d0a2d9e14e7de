import { describe, expect, it } from "vitest";
import { CONTROL, counterWords, ThreadProgram } from "./thread.js";

/** One step's counters and what to run: programs of several threads share them. */
function sharedStep(units: number, leastUnits: number, threads: number) {
  const image = {
    code: { kind: "wasm" as const, module: new Uint8Array() },
    steps: [{ kernel: 0, units, leastUnits, pointers: [] }],
    scratchAddress: 0,
    scratchBytes: 0,
    counters: new Int32Array(counterWords(1, threads)),
  };
  const programOf = (thread: number, run: (start: number, end: number) => void) =>
    new ThreadProgram(image, () => run, thread, threads);
  return { image, programOf };
}

type Part = readonly [start: number, end: number];

/** The ranges of units that a thread takes of a step that nobody else works on, in a first run or a later one. */
function partsOf(units: number, leastUnits: number, threads: number, thread = 0, run = 0): Part[] {
  const { image, programOf } = sharedStep(units, leastUnits, threads);
  const parts: Part[] = [];
  const program = programOf(thread, (start, end) => parts.push([start, end]));
  const [step] = program.steps;
  const counters = [
    ...step.shares.map(({ counter, size }) => ({ counter, size })),
    { counter: step.done, size: units },
  ];
  for (const { counter, size } of counters) image.counters[counter] = Math.imul(size, run);
  program.runShared(new Int32Array(CONTROL.words), run);
  for (const { counter, size } of counters) {
    expect(image.counters[counter]).toBe(Math.imul(size, run + 1));
  }
  return parts;
}

const lengths = (parts: readonly Part[]) => parts.map(([start, end]) => end - start);

const byPlace = (parts: readonly Part[]) => [...parts].sort(([a], [b]) => a - b);

describe("a step's units", () => {
  it.each([
    [1, 1, 2, 0],
    [8, 1, 2, 1],
    [64, 1, 3, 2],
    [1000, 7, 2, 1],
    [524_288, 100, 4, 3],
    [524_288, 1, 2, 0],
  ])("%i, of which %i are the least worth taking, are all done once by %i threads' thread %i", (...given) => {
    const [units, least] = given;
    const parts = byPlace(partsOf(...given));
    expect(parts[0][0]).toBe(0);
    expect(parts.at(-1)?.[1]).toBe(units);
    parts.slice(1).forEach(([start], i) => expect(start).toBe(parts[i][1]));
    // Only the last part of each share may be smaller.
    const small = lengths(parts).filter((length) => length < least);
    expect(small.length).toBeLessThanOrEqual(given[2]);
  });

  it("are taken from a thread's own share first, a quarter of what is left each time, then from the next one's", () => {
    const share = [8, 6, 5, 4, 3, 2, 1, 1, 1, 1];
    expect(lengths(partsOf(64, 1, 2))).toEqual([...share, ...share]);
    expect(partsOf(64, 1, 2, 0)[0]).toEqual([0, 8]);
    expect(partsOf(64, 1, 2, 1)[0]).toEqual([32, 40]);
    expect(partsOf(90, 1, 3, 1).map(([start]) => Math.floor(start / 30))).toEqual(
      expect.arrayContaining([1, 2, 0]),
    );
    expect(partsOf(90, 1, 3, 1).at(-1)?.[1]).toBe(30);
    expect(lengths(partsOf(524_288, 1, 2)).length).toBeLessThan(40);
  });

  it("are not shared where a share would be less than is worth taking", () => {
    expect(partsOf(64, 64, 2, 1)).toEqual([[0, 64]]);
    expect(partsOf(64, 40, 2, 1)).toEqual([
      [0, 40],
      [40, 64],
    ]);
  });

  it("that one thread leaves are done by another", () => {
    const { programOf } = sharedStep(100, 1, 2);
    const control = new Int32Array(CONTROL.words);
    const taken: (readonly [thread: number, start: number, end: number])[] = [];
    const other = programOf(1, (start, end) => taken.push([1, start, end]));
    const first = programOf(0, (start, end) => {
      if (taken.length === 0) other.takeUnits(control, other.steps[0], 0);
      taken.push([0, start, end]);
    });
    first.runShared(control, 0);
    const done = taken.flatMap(([, start, end]) => Array.from({ length: end - start }, (_, i) => start + i));
    expect(done.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    // All but what the first thread was at, while the other came.
    expect(taken.at(-1)).toEqual([0, 0, 13]);
    expect(taken.filter(([thread]) => thread === 0)).toHaveLength(1);
  });

  it("are counted over all runs, also when the counters wrap", () => {
    for (const run of [1, 7, 2 ** 26]) expect(partsOf(100, 10, 2, 0, run).at(-1)?.[1]).toBe(100);
  });
});
