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
    expect(
      compiled.pausing?.handOvers.map(({ handOver: purpose, writes: [{ words }] }) => [purpose, words]),
    ).toEqual([
      ["doubled", 3],
      ["total", 4],
    ]);
    const seen: number[][] = [];
    for (const numbers of compiled.pausing?.parts() ?? []) {
      seen.push([...numbers]);
      await Promise.resolve();
      numbers[0] = seen.length === 1 ? 10 : numbers[0] + 100;
    }
    expect(seen).toEqual([
      [2, 4, 6],
      [20, 10, 4, 6],
    ]);
    expect([...compiled.output(0).data]).toEqual([130, 124, 126]);
    // Without a receiver they stay.
    compiled.run();
    expect([...compiled.output(0).data]).toEqual([14, 16, 18]);
  },
);

it("a run that is given up does not disturb the next", () => {
  const compiled = program(1);
  for (const numbers of compiled.pausing?.parts() ?? []) {
    numbers[0] = 10;
    break;
  }
  compiled.run();
  expect([...compiled.output(0).data]).toEqual([14, 16, 18]);
});
