import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { abs, clip, gradients, maximum, minimum, sign, sum, where, whereEqual } from "./index.ts";
import { onEveryTarget, slopeOnEveryTarget } from "./testing/check-fixture.ts";

const TARGETS = [...KERNEL_TARGETS, "reference"] as const;
const vector = (values: readonly number[]) => ({
  shape: [values.length],
  data: Float32Array.from(values),
});

/** Value and both gradients of a function of two vectors, on every target. */
function ofTwo(apply: (a: Tensor, b: Tensor) => Tensor, a: readonly number[], b: readonly number[]) {
  return TARGETS.map((target) => {
    const run = compile(
      (x, y) => {
        const value = apply(x, y);
        return [value, ...gradients(sum(value), [x, y])];
      },
      [[a.length], [b.length]],
      { target, threads: 1 },
    );
    return run(vector(a), vector(b)).map(({ data }) => Array.from(data));
  });
}

describe("maximum and minimum", () => {
  const a = [1, 5, 2, NaN, 0];
  const b = [3, 4, 2, 0, NaN];

  it("maximum: the larger one, NaN from either side; a tie halves the gradient", () => {
    for (const [value, byA, byB] of ofTwo(maximum, a, b)) {
      expect(value).toEqual([3, 5, 2, NaN, NaN]);
      expect(byA.slice(0, 3)).toEqual([0, 1, 0.5]);
      expect(byB.slice(0, 3)).toEqual([1, 0, 0.5]);
    }
  });

  it("minimum: the smaller one, NaN from either side; a tie halves the gradient", () => {
    for (const [value, byA, byB] of ofTwo(minimum, a, b)) {
      expect(value).toEqual([1, 4, 2, NaN, NaN]);
      expect(byA.slice(0, 3)).toEqual([1, 0, 0.5]);
      expect(byB.slice(0, 3)).toEqual([0, 1, 0.5]);
    }
  });

  it("take numbers, and broadcast with the gradient summed", () => {
    for (const target of TARGETS) {
      const run = compile(
        (x, y) => {
          const value = maximum(x, y);
          return [minimum(value, 4), ...gradients(sum(value), [x, y])];
        },
        [
          [2, 3],
          [3, 1, 1],
        ],
        { target, threads: 1 },
      );
      const [value, dx, dy] = run(
        { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
        { shape: [3, 1, 1], data: Float32Array.of(0.5, 3.5, 9) },
      );
      expect(Array.from(value.data)).toEqual([1, 2, 3, 4, 4, 4, 3.5, 3.5, 3.5, 4, 4, 4, 4, 4, 4, 4, 4, 4]);
      // x wins against 0.5 everywhere, against 3.5 in its last three places, against 9 nowhere.
      expect(Array.from(dx.data)).toEqual([1, 1, 1, 2, 2, 2]);
      expect(Array.from(dy.data)).toEqual([0, 3, 6]);
    }
  });
});

describe("where", () => {
  it("takes a where the condition is not 0, and gives each side its gradient", () => {
    for (const target of TARGETS) {
      const run = compile(
        (condition, a, b) => {
          const value = where(condition, a, b);
          return [value, ...gradients(sum(value), [condition, a, b])];
        },
        [[4], [4], []],
        { target, threads: 1 },
      );
      const results = run(vector([1, 0, -2, 0]), vector([1, 2, 3, NaN]), {
        shape: [],
        data: Float32Array.of(9),
      });
      const [value, byCondition, byA, byB] = results.map(({ data }) => Array.from(data));
      expect(value).toEqual([1, 9, 3, 9]);
      expect(byCondition).toEqual([0, 0, 0, 0]);
      expect(byA).toEqual([1, 0, 1, 0]);
      expect(byB).toEqual([2]);
    }
  });
});

describe("whereEqual", () => {
  it("takes the value where a and b are equal, and gives it the gradient there", () => {
    for (const target of TARGETS) {
      const run = compile(
        (a, b, value) => {
          const chosen = whereEqual(a, b, value);
          return [chosen, ...gradients(sum(chosen), [a, b, value])];
        },
        [[4], [], [4]],
        { target, threads: 1 },
      );
      const results = run(
        vector([1, 2, NaN, 2]),
        { shape: [], data: Float32Array.of(2) },
        vector([5, 6, 7, -8]),
      );
      const [value, byA, byB, byValue] = results.map(({ data }) => Array.from(data));
      expect(value).toEqual([0, 6, 0, -8]);
      expect([byA, byB]).toEqual([[0, 0, 0, 0], [0]]);
      expect(byValue).toEqual([0, 1, 0, 1]);
    }
  });
});

describe("clip", () => {
  it("bounds its input and keeps NaN; the bounds themselves have gradient 1", () => {
    const x = Float32Array.of(-2, -1, 0.5, 3, 4, Infinity, -Infinity, NaN);
    for (const { data } of onEveryTarget((t) => clip(t, -1, 3), x)) {
      expect(Array.from(data)).toEqual([-1, -1, 0.5, 3, 3, 3, -1, NaN]);
    }
    for (const { data } of slopeOnEveryTarget((t) => clip(t, -1, 3), x.subarray(0, 7))) {
      expect(Array.from(data)).toEqual([0, 1, 1, 1, 0, 0, 0]);
    }
  });

  it("refuses bounds in the wrong order and bounds that are not finite", () => {
    expect(() => clip(0, 2, 1)).toThrow(/clip: bounds .*got 2 and 1/);
    expect(() => clip(0, -Infinity, 1)).toThrow(/clip: bounds .*got -Infinity and 1/);
  });
});

describe("abs and sign", () => {
  const x = Float32Array.of(-2, -0, 0, 3, -Infinity);

  it("abs: the gradient at 0 is 0", () => {
    for (const { data } of onEveryTarget(abs, x)) expect(Array.from(data)).toEqual([2, 0, 0, 3, Infinity]);
    for (const { data } of slopeOnEveryTarget(abs, x)) expect(Array.from(data)).toEqual([-1, 0, 0, 1, -1]);
  });

  it("sign: -1, 0 or 1", () => {
    for (const { data } of onEveryTarget(sign, x)) expect(Array.from(data)).toEqual([-1, 0, 0, 1, -1]);
  });
});
