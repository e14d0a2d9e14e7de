/** @file Runs single kernels of the language on a target, for tests of what its constructs mean. */
import { expect } from "vitest";
import { traitsOf } from "../../runtime/target.ts";
import type { CHECKED_TARGETS } from "../../testing/check-operation.ts";
import { kernelFunction } from "../../testing/run-code.ts";
import { KernelBuilder, type Int } from "../builder.ts";
import type { IntExpression, VectorExpression } from "../ir.ts";

/** Inputs lie at 0, 1024, 2048 …; results at RESULT. */
export const RESULT = 8192;
/** The word that memory is filled with before a kernel runs. */
export const SENTINEL = 0x5eaf00d;
export const MIN_INT = -(2 ** 31);
/** Numbers at the edges of float32. */
export const SPECIAL = [0, -0, 1, -1.5, 2.5, 1e-45, -1.2e-38, 3.4e38, Infinity, -Infinity, NaN, 16777217];

/** Functions that run one kernel each on the target `name`. */
export function languageOn(name: (typeof CHECKED_TARGETS)[number]) {
  const traits = traitsOf(name);
  const { lanes } = traits;
  const everyLane = Array.from({ length: lanes }, (_, lane) => lane);
  const everyCount = everyLane.map((lane) => lane + 1);

  /** Runs one kernel over a memory of sentinels; gives the memory's words. */
  const execute = (
    write: (k: KernelBuilder) => void,
    inputs: readonly (Float32Array | Int32Array)[] = [],
    args: readonly number[] = [],
  ) => {
    const k = new KernelBuilder(traits, args.length);
    write(k);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    const ints = new Int32Array(memory.buffer).fill(SENTINEL);
    inputs.forEach((input, i) => ints.set(new Int32Array(input.buffer), i * 256));
    kernelFunction(name, k.finish(), memory)(...args);
    return { ints, floats: new Float32Array(memory.buffer) };
  };
  /** The first `length` words of the result. */
  const wordsOf = ({ ints, floats }: { ints: Int32Array; floats: Float32Array }, length: number) => {
    expect(ints[RESULT / 4 - 1]).toBe(SENTINEL);
    expect(ints[RESULT / 4 + lanes]).toBe(SENTINEL);
    const [start, end] = [RESULT / 4, RESULT / 4 + length];
    return { ints: ints.slice(start, end), floats: floats.slice(start, end) };
  };
  /** A vector of all lanes made of inputs of four, over and over; gives four, after a look at the others. */
  const resultOf = (
    make: (k: KernelBuilder, ...inputs: VectorExpression[]) => VectorExpression,
    ...inputs: readonly (Float32Array | Int32Array)[]
  ) => {
    const repeated = inputs.map((input) => {
      const words = new Int32Array(input.buffer);
      return Int32Array.from(everyLane, (lane) => words[lane % 4]);
    });
    const { ints } = execute((k) => {
      k.store(RESULT, 0, make(k, ...inputs.map((_, i) => k.load(i * 1024))));
    }, repeated);
    const all = wordsOf({ ints, floats: new Float32Array(ints.buffer) }, lanes);
    for (let lane = 4; lane < lanes; lane++)
      expect(all.floats[lane], `lane ${lane}`).toBe(all.floats[lane % 4]);
    return { ints: all.ints.slice(0, 4), floats: all.floats.slice(0, 4) };
  };
  const intOf = (make: (k: KernelBuilder, ...args: readonly IntExpression[]) => Int, ...args: number[]) =>
    execute((k) => k.store(RESULT, 0, k.splatInt(make(k, ...k.parameters)), 1), [], args).ints[RESULT / 4];

  return { traits, lanes, everyLane, everyCount, execute, wordsOf, resultOf, intOf };
}
