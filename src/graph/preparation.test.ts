import { describe, expect, it } from "vitest";
import { conv2d, multiply, relu, tanh } from "../ops/index.ts";
import { WASM_TRAITS } from "../machine/wasm.ts";
import { Arena } from "../runtime/arena.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { FUZZ_SEED, FUZZ_TIMES } from "../testing/fuzz.ts";
import { testValues } from "../testing/values.ts";
import { compileGraph } from "./compile.ts";
import { lowerGraph } from "./lower.ts";
import { prepareOnce } from "./preparation.ts";
import { Slab } from "./slab.ts";
import { inputTensor, variableTensor } from "./sources.ts";
import { randomGraph } from "./testing/random-graph.ts";

const FIRST_SEED = FUZZ_SEED * 1_000_000;

function convolution() {
  const slab = new Slab("filters", Float32Array.from(testValues("normal", [3 * 3 * 16 * 32], 1).data));
  const input = inputTensor([2, 8, 8, 16], "float32");
  const filters = variableTensor(slab, 0, [3, 3, 16, 32]);
  const outputs = [relu(conv2d(input, multiply(tanh(filters), 2), { padding: "same" }))];
  return { slab, graph: { inputs: [input], outputs, assignments: [] } };
}

describe("calls that need nothing but weights", () => {
  it("are not among those of every run", () => {
    const { preparation, calls } = lowerGraph(convolution().graph, WASM_TRAITS);
    expect(preparation.map(({ label }) => label)[0]).toContain("tanh");
    expect(calls.map(({ label }) => label).join()).not.toContain("tanh");
  });

  it.each(KERNEL_TARGETS)("run again on %s when weights have changed, and only then", (target) => {
    const { slab, graph } = convolution();
    const program = compileGraph(graph, { target, threads: 1 });
    program.setInput(0, testValues("normal", [2, 8, 8, 16], 2));
    program.run();
    const first = program.output(0).data.slice();
    slab.edit().fill(0);
    program.run();
    expect(Array.from(program.output(0).data).every((value) => value === 0)).toBe(true);
    slab.edit().set(testValues("normal", [3 * 3 * 16 * 32], 1).data);
    program.run();
    expect(program.output(0).data).toEqual(first);
    expect(program.report.preparedCalls).toBeGreaterThan(0);
  });

  it("run again when another program has written the weights", () => {
    const arena = new Arena();
    const { slab, graph } = convolution();
    const weights = variableTensor(slab, 0, [slab.length]);
    const writes = [{ slab, offset: 0, value: multiply(weights, 0) }];
    const reader = compileGraph(graph, { arena });
    const writer = compileGraph({ inputs: [], outputs: [], assignments: writes }, { arena });
    reader.setInput(0, testValues("normal", [2, 8, 8, 16], 2));
    reader.run();
    expect(Math.max(...reader.output(0).data)).toBeGreaterThan(0);
    writer.run();
    reader.run();
    expect(Math.max(...reader.output(0).data)).toBe(0);
  });

  it("are those of every run in a program that writes the weights", () => {
    const { slab, graph } = convolution();
    const weights = variableTensor(slab, 0, [slab.length]);
    const assignments = [{ slab, offset: 0, value: multiply(weights, 2) }];
    expect(lowerGraph({ ...graph, assignments }, WASM_TRAITS).preparation).toEqual([]);
  });

  it("are those of every run where other programs write the weights before each", () => {
    const { slab, graph } = convolution();
    expect(lowerGraph({ ...graph, changing: [slab] }, WASM_TRAITS).preparation).toEqual([]);
  });

  it("are those of every run where their results are too large to be kept: the largest first", () => {
    const slab = new Slab("factors", new Float32Array(50));
    const sizes = [10, 40];
    const inputs = sizes.map((size) => inputTensor([size], "float32"));
    const outputs = inputs.map((input, i) => multiply(tanh(variableTensor(slab, 10 * i, [sizes[i]])), input));
    const lowered = lowerGraph({ inputs, outputs, assignments: [] }, WASM_TRAITS, { fusion: false });
    const all = [...lowered.preparation, ...lowered.calls];
    const kept = (bytes: number) =>
      prepareOnce(all, { inputs: lowered.inputs, slabs: new Set() }, bytes)
        .preparation.flatMap(({ writes }) => writes)
        .map(({ words }) => words);
    expect(kept(4 * 50)).toEqual([10, 40]);
    expect(kept(4 * 50 - 1)).toEqual([10]);
    expect(kept(4 * 10 - 1)).toEqual([]);
  });
});

describe("random graphs give the bits of new programs after their weights have changed", () => {
  it.each(Array.from({ length: 60 * FUZZ_TIMES }, (_, i) => FIRST_SEED + i))("seed %i", (seed) => {
    const make = () => {
      const { graph, slab } = randomGraph(seed);
      return { slab, program: compileGraph({ ...graph, assignments: [] }, { threads: 1 }), graph };
    };
    const set = ({ slab, program, graph }: ReturnType<typeof make>, run: number) => {
      graph.inputs.forEach(({ shape }, i) => program.setInput(i, testValues("normal", shape, 10 * i + run)));
      slab.edit().set(testValues("normal", [slab.length], 100 + run).data);
      program.run();
      return graph.outputs.map((_, i) => program.output(i).data.slice());
    };
    const kept = make();
    for (let run = 0; run < 3; run++) expect(set(kept, run), `run ${run}`).toEqual(set(make(), run));
  });
});
