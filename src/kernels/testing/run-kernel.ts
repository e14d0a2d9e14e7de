/** @file Runs one kernel on numbers, its units shared out at random, and checks that it writes where it may. */
import { expect } from "vitest";
import type { Generator } from "../../random/generator.ts";
import type { KernelTarget } from "../../runtime/target.ts";
import { kernelFunction } from "../../testing/run-code.ts";
import type { Kernel } from "../kernel.ts";

/** Bits of a NaN: reading it spoils a result, writing over it shows. */
const SENTINEL = 0x7fc0dead;
const GUARD_WORDS = 32;

/** Units 0 … `units` in random parts, in random order. */
export function partition(g: Generator, units: number): [number, number][] {
  const cuts = [...new Set([0, units, ...Array.from({ length: 3 }, () => g.integer(units + 1))])];
  cuts.sort((a, b) => a - b);
  const parts = cuts.slice(1).map((end, i): [number, number] => [cuts[i], end]);
  return g.shuffle(parts);
}

export interface KernelRun {
  /** The output buffers; words that were never written are NaN. */
  readonly outputs: readonly Float32Array[];
}

/**
 * @param target the target that the kernel was generated for
 * @param inputs contents of the input buffers
 * @param outputWords sizes of the output buffers; pointers are the inputs, then the outputs
 */
export function runKernel(
  kernel: Kernel,
  target: KernelTarget,
  inputs: readonly (Float32Array | Int32Array)[],
  outputWords: readonly number[],
  g: Generator,
): KernelRun {
  const sizes = [...inputs.map((input) => input.length), ...outputWords];
  const words = sizes.reduce((sum, size) => sum + size + GUARD_WORDS, GUARD_WORDS);
  const pages = Math.ceil((words * 4 + kernel.scratchBytes) / 65536) + 1;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const ints = new Int32Array(memory.buffer).fill(SENTINEL);
  let end = GUARD_WORDS;
  const starts = sizes.map((size) => {
    const start = end;
    end += size + GUARD_WORDS;
    return start;
  });
  inputs.forEach((input, i) => ints.set(new Int32Array(input.buffer, 0, input.length), starts[i]));
  const before = ints.slice();
  const run = kernelFunction(target, kernel.code, memory);
  const pointers = starts.map((start) => start * 4);
  for (const [from, to] of partition(g, kernel.units)) run(from, to, end * 4, ...pointers);
  const outputStarts = starts.slice(inputs.length);
  const mayWrite = (word: number) =>
    outputStarts.some((start, i) => word >= start && word < start + outputWords[i]) ||
    (word >= end && word < end + kernel.scratchBytes / 4);
  const spoilt = ints.findIndex((value, word) => value !== before[word] && !mayWrite(word));
  expect(spoilt, `first word written outside scratch and the outputs at ${outputStarts.join(", ")}`).toBe(-1);
  const floats = new Float32Array(memory.buffer);
  return { outputs: outputStarts.map((start, i) => floats.slice(start, start + outputWords[i])) };
}
