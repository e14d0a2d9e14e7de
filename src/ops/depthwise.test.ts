import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { floatArray } from "../tensor/array.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { testValues } from "../testing/values.ts";
import { add, multiply } from "./arithmetic.ts";
import { depthwiseConv1d, depthwiseConv2d } from "./depthwise.ts";
import type { WindowOptions } from "./window.ts";
import { gradients } from "./gradients.ts";
import { sum } from "./sum.ts";

describe.each([...KERNEL_TARGETS, "reference" as const])("depthwise convolution on %s", (target) => {
  it("gives channel c the outputs c·M … c·M + M-1", () => {
    // One sample, two channels 3 and 5, multiplier 2, window 1: 3·1, 3·10, 5·100, 5·1000.
    const run = compile(
      (x, filter) => depthwiseConv1d(x, filter),
      [
        [1, 1, 2],
        [1, 2, 2],
      ],
      { target },
    );
    const result = run(floatArray([3, 5], [1, 1, 2]), floatArray([1, 10, 100, 1000], [1, 2, 2]));
    expect([...result.data]).toEqual([3, 30, 500, 5000]);
  });

  it("pads causally", () => {
    // y[t] = x[t-1] + 10·x[t]
    const run = compile(
      (x, filter) => depthwiseConv1d(x, filter, { padding: "causal" }),
      [
        [1, 3, 1],
        [2, 1, 1],
      ],
      { target },
    );
    const result = run(floatArray([1, 2, 3], [1, 3, 1]), floatArray([1, 10], [2, 1, 1]));
    expect([...result.data]).toEqual([10, 21, 32]);
  });

  it("computes large windows too, as a convolution in groups", () => {
    // 70 ones over a window of 70: Σ of 100 numbers 1 … 100 from t to t+69.
    const run = compile(
      (x, filter) => depthwiseConv1d(x, filter),
      [
        [1, 100, 1],
        [70, 1, 1],
      ],
      { target },
    );
    const x = floatArray(
      Array.from({ length: 100 }, (_, i) => i + 1),
      [1, 100, 1],
    );
    const result = run(x, floatArray(new Float32Array(70).fill(1), [70, 1, 1]));
    // 70 consecutive numbers from t+1: 70·t + 70·71/2.
    expect([...result.data]).toEqual(Array.from({ length: 31 }, (_, t) => 70 * t + 2485));
  });
});

describe("depthwise convolution", () => {
  it("applies a bias of each channel and a tensor of the result's shape as it stores", () => {
    const shapes = [[2, 5, 8, 6], [3, 3, 6, 1], [6], [2, 5, 8, 6]];
    const apply = (target: "wasm" | "reference") =>
      compile(
        (x, f, b, r) => add(multiply(add(depthwiseConv2d(x, f, { padding: "same" }), b), 0.5), r),
        shapes,
        {
          target,
          threads: 1,
        },
      );
    const arrays = shapes.map((shape, i) => testValues("normal", shape, i));
    const fused = apply("wasm");
    expect(fused.report.calls.length).toBe(1);
    expectClose(fused(...arrays).data, apply("reference")(...arrays).data, 1e-6, "fused epilogue");
  });

  it.each(KERNEL_TARGETS)("has the same bits with one and two threads on %s", (target) => {
    const shapes = [
      [5, 6, 7, 5],
      [3, 3, 5, 1],
    ];
    const arrays = shapes.map((shape, i) => testValues("normal", shape, i));
    const run = (threads: number) =>
      compile(
        (x, filter) => {
          const y = depthwiseConv2d(x, filter, { strides: 2, padding: "same" });
          return [y, ...gradients(sum(multiply(y, y)), [x, filter])];
        },
        shapes,
        { target, threads },
      )(...arrays);
    expect(run(2)).toEqual(run(1));
  });

  it("names what is wrong", () => {
    const convolve = (x: readonly number[], filter: readonly number[], options: WindowOptions = {}) =>
      compile((a, b) => depthwiseConv2d(a, b, options), [x, filter]);
    expect(() => convolve([1, 4, 4, 3], [2, 2, 4, 1])).toThrow(
      /depthwiseConv2d: .*\[window…, channels, multiplier\]; got \[1,4,4,3\] and \[2,2,4,1\]/,
    );
    expect(() => convolve([1, 4, 4, 3], [5, 5, 3, 1])).toThrow(/depthwiseConv2d: the window must fit/);
    expect(() => convolve([1, 4, 4, 3], [2, 2, 3, 1], { padding: "causal" })).toThrow(/one dimension/);
  });
});
