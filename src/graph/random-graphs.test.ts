import { describe, expect, it } from "vitest";
import { add, negative, tanh, transpose } from "../ops/index.ts";
import { checkUnitsOnTargets, targetsInTurn } from "../ops/testing/unit-targets.ts";
import { WASM_TRAITS } from "../machine/wasm.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { FUZZ_SEED, FUZZ_TIMES } from "../testing/fuzz.ts";
import { testValues } from "../testing/values.ts";
import { compileGraph, type CompileOptions } from "./compile.ts";
import { lowerGraph } from "./lower.ts";
import { Slab } from "./slab.ts";
import { inputTensor, variableTensor } from "./sources.ts";
import { checkUnits } from "./testing/check-units.ts";
import { randomGraph } from "./testing/random-graph.ts";

const FIRST_SEED = FUZZ_SEED * 1_000_000;

/** @returns `count` numbers of random graphs */
function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, i) => FIRST_SEED + i);
}

const SEEDS = 150;
const RUNS = 3;
/** Relative to the largest value in an output, or to 1: chains of 40 operations in single precision, some of which cancel. */
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
    if (expected && run > 0) slab.edit().set(expected[run - 1].slab);
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
    it.each(seeds(SEEDS))(`${target}, seed %i`, (seed) => {
      const expected = states(seed, { target: "reference" });
      expectStates(states(seed, { target, fusion: false, threads: 1 }, expected), expected, "unfused");
      const fused = states(seed, { target, threads: 1 }, expected);
      expectStates(fused, expected, "fused");
      expect(states(seed, { target, threads: 2 }, expected), "on two threads").toEqual(fused);
    });
  }
});

describe("units of random graphs are independent on each target in turn, in memory that buffers share", () => {
  it.each(seeds(SEEDS * FUZZ_TIMES))("seed %i", (seed) => {
    const targets = targetsInTurn();
    for (const fusion of [true, false]) checkUnitsOnTargets(randomGraph(seed).graph, { fusion, targets });
  });

  /** Calls: tanh, transposed tanh, tanh. Each reads what the one before has written, and nothing else reads that. */
  const inputs = [inputTensor([12, 20], "float32")];
  const graph = { inputs, outputs: [tanh(transpose(tanh(inputs[0])))], assignments: [] };
  const lowered = lowerGraph({ ...graph, outputs: [tanh(graph.outputs[0])] }, WASM_TRAITS, { fusion: false });

  it("finds a result in the place of an operand that other units still read", () => {
    expect(() => checkUnits(lowered, WASM_TRAITS)).not.toThrow();
    const calls = lowered.calls.map((call) => ({ ...call, inPlace: call.reads }));
    expect(() => checkUnits({ ...lowered, calls }, WASM_TRAITS)).toThrow(/unit \d+ (reads|writes) word/);
  });

  it("finds an operand that nothing has written", () => {
    expect(() => checkUnits({ ...lowered, calls: lowered.calls.slice(1) }, WASM_TRAITS)).toThrow(
      "which nothing has written",
    );
  });

  it("finds an operand that another result was written over", () => {
    const slab = new Slab("test", new Float32Array(64));
    const variable = variableTensor(slab, 0, [64]);
    const outputs = [add(negative(tanh(variable)), variable)];
    const lowered = lowerGraph({ inputs: [], outputs, assignments: [] }, WASM_TRAITS, { fusion: false });
    expect(() => checkUnits(lowered, WASM_TRAITS)).not.toThrow();
    lowered.preparation[0].writes[0].home = { kind: "slab", slab, offset: 0 };
    expect(() => checkUnits(lowered, WASM_TRAITS)).toThrow(/call 2, .* was written over/);
  });
});
