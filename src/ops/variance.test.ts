import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { testValues } from "../testing/values.ts";
import { gradients, moments, multiply, sum, variance } from "./index.ts";
import { expectWithin } from "./testing/check-fixture.ts";

const TARGETS = [...KERNEL_TARGETS, "reference"] as const;

describe("moments", () => {
  it("by hand: 1, 2, 6 has mean 3 and variance (4 + 1 + 9) / 3", () => {
    for (const target of TARGETS) {
      const run = compile((x) => ({ ...moments(x, -1, true) }), [[2, 3]], { target, threads: 1 });
      const { mean, variance } = run({ shape: [2, 3], data: Float32Array.of(1, 2, 6, 5, 5, 5) });
      expect(mean.shape).toEqual([2, 1]);
      expect(variance.shape).toEqual([2, 1]);
      expectWithin(mean.data, [3, 5], { relative: 2e-7, absolute: 0 }, target);
      expectWithin(variance.data, [14 / 3, 0], { relative: 2e-7, absolute: 0 }, target);
    }
  });

  it("keeps the variance of numbers near 1000: within relative 1e-4, where Σx² - (Σx)² has no digit left", () => {
    const count = 4099;
    const noise = testValues("normal", [count], 9).data;
    const x = Float32Array.from(noise, (v) => 1000 + v / 10);
    const average = x.reduce((total, v) => total + v, 0) / count;
    const expected = x.reduce((total, v) => total + (v - average) ** 2, 0) / count;
    for (const target of KERNEL_TARGETS) {
      const run = compile((t) => variance(t), [[count]], { target, threads: 1 });
      const { data, shape } = run({ shape: [count], data: x });
      expect(shape).toEqual([]);
      expectWithin(data, [expected], { relative: 1e-4, absolute: 0 }, target);
    }
  });
});

describe("the variance's gradient", () => {
  it.each([false, true])(
    "is 2·(x - mean) / n, keepDims %s, within relative 1e-6 + absolute 1e-6",
    (keepDims) => {
      const shape = [3, 5, 4];
      const x = testValues("normal", shape, 4);
      const dy = testValues("normal", keepDims ? [1, 5, 1] : [5], 5);
      // Over axes 0 and 2: twelve numbers for each of the five places of axis 1.
      const at = (n: number, t: number, c: number) => x.data[(n * 5 + t) * 4 + c];
      const expected = Float64Array.from(x.data, (v, i) => {
        const t = Math.floor(i / 4) % 5;
        let total = 0;
        for (let n = 0; n < 3; n++) for (let c = 0; c < 4; c++) total += at(n, t, c);
        return (dy.data[t] * 2 * (v - total / 12)) / 12;
      });
      for (const target of TARGETS) {
        const run = compile(
          (a, b) => gradients(sum(multiply(variance(a, [0, 2], keepDims), b)), [a])[0],
          [shape, dy.shape],
          { target, threads: 1 },
        );
        expectWithin(run(x, dy).data, expected, { relative: 1e-6, absolute: 1e-6 }, target);
      }
    },
  );
});
