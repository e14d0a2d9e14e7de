import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { intArray } from "../tensor/array.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { multiply, oneHot, sum, toFloat } from "./index.ts";

const TARGETS = [...KERNEL_TARGETS, "reference"] as const;

describe("toFloat", () => {
  it("is exact from -2²⁴ to 2²⁴, of any length and rank, on every target", () => {
    const length = 2051;
    const step = Math.floor(2 ** 25 / (length - 1));
    const values = Array.from({ length }, (_, i) => -(2 ** 24) + i * step);
    for (const shape of [[length], [7, 293]]) {
      for (const target of TARGETS) {
        const run = compile(toFloat, [{ shape, dtype: "int32" }], { target, threads: 1 });
        const result = run(intArray(values, shape));
        expect(result.data).toBeInstanceOf(Float32Array);
        expect(Array.from(result.data)).toEqual(values);
      }
    }
  });

  it("converts one number and returns floats as they are", () => {
    const x = inputTensor([2], "float32");
    expect(toFloat(x)).toBe(x);
    const run = compile(toFloat, [{ shape: [], dtype: "int32" }], { target: "wasm", threads: 1 });
    expect(Array.from(run(intArray([-3], [])).data)).toEqual([-3]);
  });
});

describe("oneHot", () => {
  it("has a one at each label; labels outside give zeros", () => {
    for (const target of TARGETS) {
      const run = compile((y) => oneHot(y, 3), [{ shape: [5], dtype: "int32" }], { target, threads: 1 });
      const { data, shape } = run(intArray([2, 0, 1, -1, 3], [5]));
      expect(shape).toEqual([5, 3]);
      expect(Array.from(data)).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    }
  });

  it("is computed inside what uses it: one kernel for the value at each label, with no memory of its own", () => {
    const labels = Array.from({ length: 300 }, (_, i) => (i * 7) % 10);
    const values = Float32Array.from({ length: 3000 }, (_, i) => i);
    for (const target of KERNEL_TARGETS) {
      const run = compile(
        (x, y) => sum(multiply(x, oneHot(y, 10)), 1),
        [[300, 10], { shape: [300], dtype: "int32" }],
        { target, threads: 1 },
      );
      const picked = run({ shape: [300, 10], data: values }, intArray(labels, [300]));
      expect(Array.from(picked.data)).toEqual(labels.map((label, i) => 10 * i + label));
      expect(run.report.kernels).toBe(1);
      expect(run.report.scratchBytes).toBe(0);
    }
  });

  it("refuses float labels and a depth that is no positive integer", () => {
    expect(() => oneHot(inputTensor([2], "float32"), 3)).toThrow(/oneHot: labels must be int32; got float32/);
    for (const depth of [0, 1.5]) {
      expect(() => oneHot(inputTensor([2], "int32"), depth)).toThrow(/oneHot: depth must be an integer/);
    }
  });
});
