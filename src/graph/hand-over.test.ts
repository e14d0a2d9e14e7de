import { expect, it } from "vitest";
import { add, multiply } from "../ops/arithmetic.ts";
import { handOver } from "../ops/hand-over.ts";
import { sum } from "../ops/sum.ts";
import { floatArray } from "../tensor/array.ts";
import { compileGraph } from "./compile.ts";
import { inputTensor } from "./sources.ts";

/** Twice x, handed over, and then with its sum, which is handed over too: Σ(2x) + 2x. */
function program(threads: number) {
  const x = inputTensor([3], "float32");
  const [doubled] = handOver([multiply(x, 2)], "doubled");
  const [total, again] = handOver([sum(doubled, [0], true), doubled], "total");
  const graph = { inputs: [x], outputs: [add(total, again)], assignments: [] };
  const compiled = compileGraph(graph, { target: "wasm", threads });
  compiled.setInput(0, floatArray([1, 2, 3], [3]));
  return compiled;
}

it.each([1, 2])(
  "numbers are handed over in their order, and what replaces them is computed with; %i threads",
  async (threads) => {
    const compiled = program(threads);
    expect(compiled.handOvers).toEqual([
      { purpose: "doubled", words: 3 },
      { purpose: "total", words: 4 },
    ]);
    const seen: number[][] = [];
    await compiled.runHandingOver(async (numbers, index) => {
      await Promise.resolve();
      seen.push([index, ...numbers]);
      if (index === 0) numbers[0] = 10;
      else numbers[0] += 100;
    });
    expect(seen).toEqual([
      [0, 2, 4, 6],
      [1, 20, 10, 4, 6],
    ]);
    expect([...compiled.output(0).data]).toEqual([130, 124, 126]);
    // Without a receiver they stay.
    compiled.run();
    expect([...compiled.output(0).data]).toEqual([14, 16, 18]);
  },
);

it("an error of the receiver ends the run", async () => {
  const compiled = program(1);
  await expect(compiled.runHandingOver(() => Promise.reject(new Error("gone")))).rejects.toThrow("gone");
  compiled.run();
  expect([...compiled.output(0).data]).toEqual([14, 16, 18]);
});
