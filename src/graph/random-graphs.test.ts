import { describe, expect, it } from "vitest";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { testValues } from "../testing/values.ts";
import { compileGraph, type CompileOptions } from "./compile.ts";
import { randomGraph } from "./testing/random-graph.ts";

const SEEDS = 150;
const RUNS = 3;
/** Of the largest value in an output, or of 1: chains of 40 operations in single precision, some of which cancel. */
const TOLERANCE = 1e-4;

interface State {
  readonly outputs: readonly ArrayLike<number>[];
  readonly slab: Float32Array;
}

/** Runs the graph of a seed several times; each run starts from the slab as the `expected` run before left it. */
function states(seed: number, options: CompileOptions, expected?: readonly State[]): State[] {
  const { graph, slab } = randomGraph(seed);
  const program = compileGraph(graph, options);
  return Array.from({ length: RUNS }, (_, run) => {
    graph.inputs.forEach(({ shape }, i) =>
      program.setInput(i, testValues("normal", shape, 100 * seed + 10 * i + run)),
    );
    if (expected && run > 0) slab.view().set(expected[run - 1].slab);
    program.run();
    return {
      outputs: graph.outputs.map((_, i) => program.output(i).data.slice()),
      slab: slab.view().slice(),
    };
  });
}

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const scale = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (let i = 0; i < expected.length; i++) {
    // Not ">": a NaN fails too.
    if (!(Math.abs(actual[i] - expected[i]) <= TOLERANCE * scale)) {
      expect.fail(`${what}: element ${i} is ${actual[i]}, expected ${expected[i]}`);
    }
  }
}

function expectStates(actual: readonly State[], expected: readonly State[], what: string): void {
  actual.forEach((state, run) => {
    state.outputs.forEach((output, i) =>
      expectNear(output, expected[run].outputs[i], `${what}, run ${run}, output ${i}`),
    );
    expectNear(state.slab, expected[run].slab, `${what}, run ${run}, slab`);
  });
}

describe(`random graphs: kernels equal the reference loops within ${TOLERANCE}`, () => {
  for (const target of KERNEL_TARGETS) {
    it.each(Array.from({ length: SEEDS }, (_, seed) => seed))(`${target}, seed %i`, (seed) => {
      const expected = states(seed, { target: "reference" });
      expectStates(states(seed, { target, fusion: false, threads: 1 }, expected), expected, "unfused");
      const fused = states(seed, { target, threads: 1 }, expected);
      expectStates(fused, expected, "fused");
      expect(states(seed, { target, threads: 2 }, expected), "on two threads").toEqual(fused);
    });
  }
});
