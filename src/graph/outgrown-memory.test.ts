/** @file Programs whose arena gets another memory after they were compiled. */
import { platform } from "#platform";
import { afterEach, expect, it, vi } from "vitest";
import { add, multiply, sum } from "../ops/index.ts";
import { Arena } from "../runtime/arena.ts";
import { kernelTargets } from "../runtime/target.ts";
import { floatArray } from "../tensor/array.ts";
import { compile } from "./compile.ts";
import { Slab } from "./slab.ts";
import { assign, variableTensor } from "./sources.ts";

/** Above what one thread would do alone: 32 KB for each thread and more. */
const LENGTH = 50_000;

afterEach(() => vi.restoreAllMocks());

it.each(kernelTargets().flatMap((target) => [1, 2].map((threads) => [target, threads] as const)))(
  "go on with their weights on %s, with %i threads",
  (target, threads) => {
    vi.spyOn(platform, "firstSharedPages").mockReturnValue(16);
    const arena = new Arena(true);
    const { memory: first } = arena;
    const options = { arena, target, threads };
    const slab = new Slab("weights", new Float32Array(LENGTH).fill(1));
    const weights = variableTensor(slab, 0, [LENGTH]);
    const step = compile(
      (x) => {
        const next = add(weights, x);
        assign(weights, next);
        return sum(multiply(next, 2));
      },
      [[LENGTH]],
      options,
    );
    const ones = floatArray(new Float32Array(LENGTH).fill(1), [LENGTH]);
    const values = [step(ones).data[0], step(ones).data[0]];
    expect(arena.memory).toBe(first);
    const large = compile((x) => sum(add(x, 1)), [[2e6]], options);
    expect(arena.memory).not.toBe(first);
    for (let i = 0; i < 3; i++) values.push(step(ones).data[0]);
    // 2 · LENGTH · (1 + the number of steps)
    expect(values).toEqual([2, 3, 4, 5, 6].map((weight) => 2 * LENGTH * weight));
    expect(new Set(slab.view())).toEqual(new Set([6]));
    expect(large(floatArray(new Float32Array(2e6), [2e6])).data[0]).toBe(2e6);
  },
);
