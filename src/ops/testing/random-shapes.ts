/**
 * @file Draws random shapes, compares kernels on every target of this machine with the reference loops, and looks at what their units
 * touch, on each target in turn.
 */
import { compile } from "../../graph/compile.ts";
import { inputTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { interpretFunction } from "../../graph/testing/interpret-function.ts";
import { FLOAT_BYTES } from "../../kernels/kernel.ts";
import { deriveKey, Generator } from "../../random/generator.ts";
import { Arena } from "../../runtime/arena.ts";
import { traitsOf, type KernelTarget } from "../../runtime/target.ts";
import type { NumericArray } from "../../tensor/array.ts";
import { INTERPRETED_TARGETS, KERNEL_TARGETS } from "../../testing/check-operation.ts";
import { expectClose } from "../../testing/compare.ts";
import { FUZZ_SEED, FUZZ_TIMES } from "../../testing/fuzz.ts";
import { multiply } from "../arithmetic.ts";
import { gradients } from "../gradients.ts";
import { sum } from "../sum.ts";
import { checkUnitsOnTargets, targetsInTurn } from "./unit-targets.ts";

export function pick<T>(generator: Generator, list: readonly T[]): T {
  return list[generator.integer(list.length)];
}

/** Titles and `count` random cases, or `FUZZ_TIMES` as many. */
export function cases<T>(name: string, count: number, draw: (generator: Generator) => T): [string, T][] {
  const generator = new Generator(deriveKey(20 + FUZZ_SEED, name));
  return Array.from({ length: count * FUZZ_TIMES }, (_, i) => {
    const one = draw(generator);
    return [`${i}: ${JSON.stringify(one)}`, one];
  });
}

/**
 * Compares values and gradients on every target with the reference loops.
 * @param relative error, relative to the largest number in each result
 * @param differentiated how many of the first arguments the gradient is taken of
 */
export function checkTargets(
  fn: (...inputs: Tensor[]) => Tensor,
  arrays: readonly NumericArray[],
  relative: number,
  differentiated = arrays.length,
): void {
  const specs = arrays.map(({ shape }) => shape);
  const withGradients = (...tensors: Tensor[]) => {
    const result = fn(...tensors);
    // Squares give every output a weight of its own.
    const all = [result, ...gradients(sum(multiply(result, result)), tensors.slice(0, differentiated))];
    // Results that are read once more lie in scratch memory.
    return all.map((tensor) => multiply(tensor, 1));
  };
  const inputs = specs.map((shape) => inputTensor(shape, "float32"));
  const graph = { inputs, outputs: withGradients(...inputs), assignments: [] };
  checkUnitsOnTargets(graph, { targets: targetsInTurn() });
  const expected = compile(withGradients, specs, { target: "reference" })(...arrays);
  const check = (actual: readonly NumericArray[], target: KernelTarget) =>
    actual.forEach((array, i) => {
      const what = i === 0 ? "value" : `gradient of input ${i - 1}`;
      expectClose(array.data, expected[i].data, relative, `${what} on ${target}`);
    });
  for (const target of KERNEL_TARGETS) {
    const run = compile(withGradients, specs, { target, threads: 1, arena: arenaOfNaN() });
    check(run(...arrays), target);
  }
  for (const target of INTERPRETED_TARGETS) {
    check(interpretFunction(withGradients, arrays, traitsOf(target)), target);
  }
}

/** Scratch memory full of NaN, so that a kernel that relies on finding zeros there is caught. */
function arenaOfNaN(): Arena {
  const arena = new Arena();
  const bytes = 2 ** 20;
  arena.floats(arena.scratchOf(bytes, arena), bytes / FLOAT_BYTES).fill(NaN);
  return arena;
}
