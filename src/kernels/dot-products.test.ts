import { describe, expect, it } from "vitest";
import { KernelBuilder } from "../machine/builder.ts";
import { platform } from "#platform";
import { loadCode } from "../runtime/code.ts";
import { kernelTargets, traitsOf, type KernelTarget } from "../runtime/target.ts";
import { JOB_WORDS, writeDotProducts } from "./dot-products.ts";

/** Places in the memory, in 32-bit words. */
const [ROW, SIGNAL, RESULTS, JOBS] = [0, 64, 1024, 2048];
const ROW_LENGTH = 16;

/** Runs the kernel as it is for a target. */
function runKernel(
  target: KernelTarget,
  memory: WebAssembly.Memory,
  parameters: number[],
  jobs: number,
): void {
  const k = new KernelBuilder(traitsOf(target), 7);
  writeDotProducts(k);
  const loaded = loadCode(target, [k.finish()], { initialPages: 1, maximumPages: 1, shared: false });
  platform.runnerOf(loaded.code, memory)(0, parameters)(0, jobs);
  loaded.unload();
}

/** Runs jobs of [first stretch, first result, number of results] over a row of 1, 2 … 16 and a signal of 0, 1, 2 … */
function run(jobs: readonly (readonly number[])[], stretch: number, result: number): Float32Array {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const floats = new Float32Array(memory.buffer);
  for (let i = 0; i < ROW_LENGTH; i++) floats[ROW + i] = i + 1;
  for (let i = SIGNAL; i < RESULTS; i++) floats[i] = i - SIGNAL;
  floats.fill(-1, RESULTS, JOBS);
  const table = new Int32Array(memory.buffer, 4 * JOBS);
  jobs.forEach(([first, output, count], i) =>
    table.set([4 * ROW, 4 * (SIGNAL + first), 4 * (RESULTS + output), count], i * JOB_WORDS),
  );
  const parameters = [0, 0, 0, 4 * JOBS, 4 * stretch, 4 * result, 4 * ROW_LENGTH];
  runKernel("wasm", memory, parameters, jobs.length);
  return floats.slice(RESULTS, RESULTS + 64);
}

/** Σ (i + 1)(first + i) for i = 0 … 15: 136·first + Σ i² + Σ i = 136·first + 1240 + 120. */
const product = (first: number): number => 136 * first + 1360;

describe("dot products", () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 11])("of %i stretches, and nothing behind them", (count) => {
    const results = run([[3, 0, count]], 5, 1);
    const expected = Array.from({ length: count }, (_, i) => product(3 + 5 * i));
    expect([...results.subarray(0, count + 1)]).toEqual([...expected, -1]);
  });

  it("of several jobs, whose results interleave", () => {
    const results = run(
      [
        [0, 0, 3],
        [100, 1, 2],
      ],
      10,
      2,
    );
    expect([...results.subarray(0, 6)]).toEqual(
      [0, 100, 10, 110, 20, -1].map((x) => (x < 0 ? x : product(x))),
    );
  });

  it.each(kernelTargets())("have the same bits on target %s as in WebAssembly", (target) => {
    const length = 48;
    const stretches = 23;
    const results = [target, "wasm" as const].map((name) => {
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
      const floats = new Float32Array(memory.buffer);
      for (let i = 0; i < RESULTS; i++) floats[i] = ((i * 7919) % 1009) / 977 - 0.5;
      const table = new Int32Array(memory.buffer, 4 * JOBS);
      table.set([0, 4 * SIGNAL, 4 * RESULTS, stretches]);
      runKernel(name, memory, [0, 0, 0, 4 * JOBS, 4 * 3, 4, 4 * length], 1);
      return floats.slice(RESULTS, RESULTS + stretches + 1);
    });
    expect(results[0]).toEqual(results[1]);
  });
});
