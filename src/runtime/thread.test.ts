import { describe, expect, it } from "vitest";
import { CONTROL, ThreadProgram } from "./thread.js";

const memory = new WebAssembly.Memory({ initial: 1 });

/** The ranges of units that one of `threads` threads takes of a step that nobody else works on. */
function partsOf(units: number, leastUnits: number, threads: number, run = 0): [number, number][] {
  const counters = new Int32Array(2).fill(Math.imul(units, run));
  const image = {
    code: { kind: "wasm" as const, module: new Uint8Array() },
    steps: [{ kernel: 0, units, leastUnits, pointers: [] }],
    scratchAddress: 0,
    scratchBytes: 0,
    counters,
  };
  const parts: [number, number][] = [];
  const program = new ThreadProgram(image, memory, 0, threads, () => () => (start, end) => {
    parts.push([start, end]);
  });
  program.runShared(new Int32Array(CONTROL.words), run);
  expect([...counters]).toEqual([Math.imul(units, run + 1), Math.imul(units, run + 1)]);
  return parts;
}

const lengths = (parts: readonly [number, number][]) => parts.map(([start, end]) => end - start);

describe("a step's units", () => {
  it.each([
    [1, 1, 2],
    [8, 1, 2],
    [64, 1, 3],
    [1000, 7, 2],
    [524_288, 100, 4],
    [524_288, 1, 2],
  ])("%i, of which %i are the least worth taking, are all done once, in order, by %i threads", (...given) => {
    const [units, least] = given;
    const parts = partsOf(...given);
    expect(parts[0][0]).toBe(0);
    expect(parts.at(-1)?.[1]).toBe(units);
    parts.slice(1).forEach(([start], i) => expect(start).toBe(parts[i][1]));
    const sizes = lengths(parts);
    for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThanOrEqual(least);
    // Ever less at a time, so that threads finish together.
    sizes.slice(1).forEach((size, i) => expect(size).toBeLessThanOrEqual(sizes[i]));
  });

  it("are taken in few parts: by hand, 64 units of 2 threads, an eighth of what is left each time", () => {
    const eighths = [8, 7, 7, 6, 5, 4, 4, 3, 3, 3, 2, 2, 2];
    expect(lengths(partsOf(64, 1, 2)).slice(0, eighths.length)).toEqual(eighths);
    expect(lengths(partsOf(64, 64, 2))).toEqual([64]);
    expect(lengths(partsOf(524_288, 1, 2)).length).toBeLessThan(40);
  });

  it("are counted over all runs, also when the counters wrap", () => {
    for (const run of [1, 7, 2 ** 26]) expect(partsOf(100, 10, 2, run).at(-1)?.[1]).toBe(100);
  });
});
