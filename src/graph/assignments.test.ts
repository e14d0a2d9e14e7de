import { describe, expect, it } from "vitest";
import { add, multiply, pad, reshape, subtract, sum, tanh, transpose } from "../ops/index.ts";
import { matmul } from "../ops/matmul.ts";
import { Arena } from "../runtime/arena.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { floatArray } from "../tensor/array.ts";
import { compileGraph, type CompileOptions } from "./compile.ts";
import { Slab } from "./slab.ts";
import { assign, collectAssignments, constantTensor, variableTensor } from "./sources.ts";
import type { Tensor } from "./tensor.ts";

const SETTINGS: readonly CompileOptions[] = [
  { target: "reference" },
  ...KERNEL_TARGETS.flatMap((target) => [true, false].map((fusion) => ({ target, fusion, threads: 1 }))),
];

/** Runs a traced function `runs` times on a slab that starts as `initial`; gives the slab, the last outputs, the calls. */
function runOn(
  initial: readonly number[],
  fn: (part: (offset: number, length: number) => Tensor) => readonly Tensor[],
  options: CompileOptions,
  runs = 1,
) {
  const slab = new Slab("test", Float32Array.from(initial));
  const part = (offset: number, length: number) => variableTensor(slab, offset, [length]);
  const { result, assignments } = collectAssignments(() => fn(part));
  const program = compileGraph({ inputs: [], outputs: result, assignments }, options);
  for (let i = 0; i < runs; i++) program.run();
  return {
    slab: [...slab.view()],
    outputs: result.map((_, i) => [...program.output(i).data]),
    calls: program.report.calls.length,
  };
}

for (const options of SETTINGS) {
  const { target, fusion } = options;
  describe(`assignments on ${target}${target === "reference" ? "" : fusion ? ", fused" : ", unfused"}`, () => {
    it("read what the slab held when the program started", () => {
      const { slab, outputs } = runOn(
        [1, 2, 3],
        (part) => {
          const all = part(0, 3);
          assign(all, add(all, 10));
          return [all, multiply(part(0, 3), 2)];
        },
        options,
      );
      expect(slab).toEqual([11, 12, 13]);
      expect(outputs).toEqual([
        [1, 2, 3],
        [2, 4, 6],
      ]);
    });

    it("exchange two variables", () => {
      const { slab } = runOn(
        [1, 2, 3, 4],
        (part) => {
          assign(part(0, 2), part(2, 2));
          assign(part(2, 2), part(0, 2));
          return [];
        },
        options,
        3,
      );
      expect(slab).toEqual([3, 4, 1, 2]);
    });

    it("rotate three variables", () => {
      const { slab } = runOn(
        [1, 2, 3],
        (part) => {
          assign(part(0, 1), part(1, 1));
          assign(part(1, 1), part(2, 1));
          assign(part(2, 1), part(0, 1));
          return [];
        },
        options,
      );
      expect(slab).toEqual([2, 3, 1]);
    });

    it("keep the previous value of a variable that is updated in the same program", () => {
      const both = (first: "copy" | "update") => (part: (offset: number, length: number) => Tensor) => {
        const copy = () => assign(part(2, 2), part(0, 2));
        const update = () => assign(part(0, 2), multiply(part(0, 2), 10));
        for (const step of first === "copy" ? [copy, update] : [update, copy]) step();
        return [];
      };
      expect(runOn([1, 2, 3, 4], both("copy"), options).slab).toEqual([10, 20, 1, 2]);
      expect(runOn([1, 2, 3, 4], both("update"), options).slab).toEqual([10, 20, 1, 2]);
    });

    it("exchange variables through arithmetic", () => {
      const { slab } = runOn(
        [1, 2, 3, 4],
        (part) => {
          const [a, b] = [part(0, 2), part(2, 2)];
          assign(a, add(b, 1));
          assign(b, multiply(a, 2));
          return [];
        },
        options,
        2,
      );
      // 1 2 | 3 4 → 4 5 | 2 4 → 3 5 | 8 10
      expect(slab).toEqual([3, 5, 8, 10]);
    });

    it("let the last of several assignments to the same words win", () => {
      const { slab } = runOn(
        [1, 2, 3, 4],
        (part) => {
          const all = part(0, 4);
          assign(part(1, 2), multiply(part(1, 2), 100));
          assign(all, add(all, 1));
          assign(part(0, 1), tanh(multiply(part(0, 1), 0)));
          return [];
        },
        options,
      );
      expect(slab).toEqual([0, 3, 4, 5]);
    });

    it("move a part onto one that overlaps it", () => {
      const numbers = Array.from({ length: 40 }, (_, i) => i);
      const down = runOn(numbers, (part) => (assign(part(0, 39), part(1, 39)), []), options);
      expect(down.slab).toEqual([...numbers.slice(1), 39]);
      const up = runOn(numbers, (part) => (assign(part(1, 39), part(0, 39)), []), options);
      expect(up.slab).toEqual([0, ...numbers.slice(0, 39)]);
      const shifted = runOn(numbers, (part) => (assign(part(1, 39), add(part(0, 39), 100)), []), options);
      expect(shifted.slab).toEqual([0, ...numbers.slice(0, 39).map((x) => x + 100)]);
    });

    it("undo an update by a later assignment of the old value", () => {
      const { slab } = runOn(
        [1, 2],
        (part) => {
          assign(part(0, 2), multiply(part(0, 2), 7));
          assign(part(0, 2), part(0, 2));
          return [];
        },
        options,
      );
      expect(slab).toEqual([1, 2]);
    });

    it("write one value to several places and give it out too", () => {
      const { slab, outputs } = runOn(
        [1, 2, 3, 4, 5, 6],
        (part) => {
          const value = add(part(0, 2), part(2, 2));
          assign(part(0, 2), value);
          assign(part(2, 2), value);
          assign(part(4, 2), value);
          return [value, value, reshape(value, [2, 1])];
        },
        options,
      );
      expect(slab).toEqual([4, 6, 4, 6, 4, 6]);
      expect(outputs).toEqual([
        [4, 6],
        [4, 6],
        [4, 6],
      ]);
    });

    it("write the whole from reductions, products and transposes of itself", () => {
      const { slab } = runOn(
        [1, 2, 3, 4],
        (part) => {
          const square = reshape(part(0, 4), [2, 2]);
          const product = matmul(square, square);
          const total = sum(square);
          assign(part(0, 4), reshape(subtract(add(product, transpose(square)), total), [4]));
          return [];
        },
        options,
      );
      // [1 2; 3 4]² = [7 10; 15 22]; transpose [1 3; 2 4]; sum 10.
      expect(slab).toEqual([7 + 1 - 10, 10 + 3 - 10, 15 + 2 - 10, 22 + 4 - 10]);
    });

    it("take constants and padded parts", () => {
      const { slab } = runOn(
        [1, 2, 3, 4, 5],
        (part) => {
          assign(part(0, 4), pad(part(1, 2), [[1, 1]], 9));
          assign(part(4, 1), constantTensor(floatArray([-1], [1])));
          return [];
        },
        options,
      );
      expect(slab).toEqual([9, 2, 3, 9, -1]);
    });
  });
}

describe("assignments in place", () => {
  const options = { threads: 1 };

  it("cost no copy when each element is read before it is written", () => {
    const { calls } = runOn([1, 2], (part) => (assign(part(0, 2), add(part(0, 2), 1)), []), options);
    expect(calls).toBe(1);
  });

  it("update weights and two moments, as Adam does, in one call", () => {
    const { calls, slab } = runOn(
      [1, 1, 0.5, 0.5, 0, 0, 8, 8],
      (part) => {
        const [w, g, m, v] = [part(0, 2), part(2, 2), part(4, 2), part(6, 2)];
        const mean = add(multiply(m, 0.5), g);
        const square = add(multiply(v, 0.5), multiply(g, g));
        assign(m, mean);
        assign(v, square);
        assign(w, subtract(w, multiply(mean, tanh(multiply(square, 0)))));
        return [];
      },
      options,
    );
    expect(calls).toBe(1);
    expect(slab).toEqual([1, 1, 0.5, 0.5, 0.5, 0.5, 4.25, 4.25]);
  });

  it("share a slab between programs of one arena and refuse another arena", () => {
    const slab = new Slab("weights", Float32Array.of(1, 2));
    const arena = new Arena();
    const trace = () =>
      collectAssignments(() => {
        const all = variableTensor(slab, 0, [2]);
        assign(all, add(all, 1));
        return [all];
      });
    const make = (where: Arena) => {
      const { result, assignments } = trace();
      return compileGraph({ inputs: [], outputs: result, assignments }, { arena: where, threads: 1 });
    };
    const [first, second] = [make(arena), make(arena)];
    first.run();
    second.run();
    expect([...slab.view()]).toEqual([3, 4]);
    const other = new Arena();
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(() => make(other)).toThrow(/slab weights: already belongs to another arena/);
    }
    expect([...slab.view()]).toEqual([3, 4]);
  });
});
