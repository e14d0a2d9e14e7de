import { describe, expect, it } from "vitest";
import { add, matmul, multiply, sum, tanh } from "../ops/index.ts";
import { Arena } from "../runtime/arena.ts";
import { floatArray, intArray } from "../tensor/array.ts";
import { testValues } from "../testing/values.ts";
import { compile, compileGraph } from "./compile.ts";
import { Slab } from "./slab.ts";
import { assign, collectAssignments, inputTensor, variableTensor } from "./sources.ts";

describe("programs", () => {
  it("go on after their arena has grown for others", () => {
    for (const threads of [1, 2]) {
      const arena = new Arena();
      const square = compile((x) => multiply(x, x), [[4]], { arena, threads });
      expect([...square(floatArray([1, 2, 3, 4], [4])).data]).toEqual([1, 4, 9, 16]);
      const large = compile((x) => sum(tanh(x)), [[1000000]], { arena, threads });
      large(floatArray(new Float32Array(1000000), [1000000]));
      expect([...square(floatArray([5, 2, 3, 4], [4])).data]).toEqual([25, 4, 9, 16]);
    }
  });

  it("share scratch memory without touching each other's inputs, outputs and slabs", () => {
    const arena = new Arena();
    const slab = new Slab("counts", Float32Array.of(1, 2, 3));
    const x = inputTensor([3], "float32");
    const { result, assignments } = collectAssignments(() => {
      const counts = variableTensor(slab, 0, [3]);
      assign(counts, add(counts, x));
      return [sum(multiply(tanh(counts), x))];
    });
    const count = compileGraph({ inputs: [x], outputs: result, assignments }, { arena, threads: 1 });
    const a = testValues("normal", [60, 60], 1);
    const product = compile((m) => sum(matmul(matmul(m, m), m), 0), [[60, 60]], { arena, threads: 1 });
    const first = product(a);
    count.setInput(0, floatArray([1, 1, 1], [3]));
    for (let i = 0; i < 5; i++) {
      count.run();
      expect(product(a)).toEqual(first);
    }
    expect([...slab.view()]).toEqual([6, 7, 8]);
    expect(count.output(0).data[0]).toBeCloseTo(Math.tanh(5) + Math.tanh(6) + Math.tanh(7), 6);
  });

  it("take no more memory however often they run", () => {
    const arena = new Arena();
    const step = compile((x) => sum(tanh(matmul(x, x)), 0), [[20, 20]], { arena, threads: 2 });
    const x = testValues("normal", [20, 20], 1);
    step(x);
    const { bytes } = arena;
    const { byteLength } = arena.memory.buffer;
    for (let i = 0; i < 1000; i++) step(x);
    expect(arena.bytes).toBe(bytes);
    expect(arena.memory.buffer.byteLength).toBe(byteLength);
  });

  it("refuse arguments of another shape, dtype or number", () => {
    const double = compile((x) => multiply(x, 2), [[2, 3]], { threads: 1 });
    const fits = floatArray(new Float32Array(6), [2, 3]);
    expect(() => double(floatArray(new Float32Array(6), [3, 2]))).toThrow(
      /argument 0 must be float32 \[2,3\]; got float32 \[3,2\]/,
    );
    expect(() => double(intArray(new Int32Array(6), [2, 3]))).toThrow(/got int32 \[2,3\]/);
    expect(() => double()).toThrow(/takes 1 arguments; got 0/);
    expect(() => double(fits, fits)).toThrow(/takes 1 arguments; got more/);
  });

  it("refuse a number of threads that makes no sense", () => {
    for (const threads of [0, -1, 1.5, NaN]) {
      expect(() => compile((x) => x, [[1]], { threads })).toThrow(/threads: must be a whole number from 1/);
    }
  });

  it("report what they cost", () => {
    const { report } = compile(
      (a, b) => tanh(matmul(a, b)),
      [
        [160, 16],
        [16, 32],
      ],
      { threads: 1 },
    );
    expect(report.calls.reduce((total, call) => total + call.multiplyAdds, 0)).toBe(160 * 16 * 32);
    // Two inputs and the output, in whole cache lines.
    expect(report.ownBytes).toBe(4 * (160 * 16 + 16 * 32 + 160 * 32));
    expect(report.unplannedBytes).toBeGreaterThanOrEqual(report.scratchBytes);
  });
});
