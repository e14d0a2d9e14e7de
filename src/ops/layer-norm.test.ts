import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { gradients, layerNorm, multiply, sum } from "./index.ts";
import { checkFixture, describeTolerance, expectWithin } from "./testing/check-fixture.ts";

/** Gradients are differences of sums of numbers near 1: hence the absolute part. */
const TOLERANCE = { relative: 2e-6, absolute: 2e-6 };

describe("layerNorm", () => {
  it.each(fixtureCases("normalization", "layerNorm").map((one) => [one.name, one] as const))(
    `equals PyTorch in value and gradients within ${describeTolerance(TOLERANCE)}: %s`,
    (_, one) => {
      const epsilon = Number(one.params.epsilon);
      const axis = z.union([z.int(), z.array(z.int())]).parse(one.params.axis);
      checkFixture(one, ([x, gamma, beta]) => layerNorm(x, { gamma, beta, axis, epsilon }), TOLERANCE);
    },
  );

  it("over two axes, without gamma and beta: mean 0 and variance 1 of each example, and a gradient without either", () => {
    const shape = [2, 3, 4];
    const x = { shape, data: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i * i)) };
    const dy = { shape, data: Float32Array.from({ length: 24 }, (_, i) => Math.cos(3 * i)) };
    for (const target of KERNEL_TARGETS) {
      const run = compile(
        (t, weights) => {
          const y = layerNorm(t, { axis: [1, 2], epsilon: 0 });
          return [y, ...gradients(sum(multiply(y, weights)), [t])];
        },
        [shape, shape],
        { target, threads: 1 },
      );
      const [y, dx] = run(x, dy);
      for (const example of [0, 1]) {
        const of = (data: ArrayLike<number>) => Array.from(data).slice(12 * example, 12 * example + 12);
        const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
        const normalized = of(y.data);
        const tolerance = { relative: 2e-6, absolute: 2e-6 };
        expectWithin(
          [total(normalized), total(normalized.map((v) => v * v)) / 12],
          [0, 1],
          tolerance,
          target,
        );
        // A shift or a scaling of the input changes nothing: the gradient is orthogonal to both.
        const slopes = of(dx.data);
        expectWithin(
          [total(slopes), total(slopes.map((v, i) => v * normalized[i]))],
          [0, 0],
          tolerance,
          target,
        );
        expect(Math.max(...slopes.map(Math.abs))).toBeGreaterThan(0.1);
      }
    }
  });

  it("names the vector that has not the shape of the normalised axes", () => {
    const x = inputTensor([4, 3], "float32");
    const beta = inputTensor([4], "float32");
    expect(() => layerNorm(x, { beta })).toThrow(/layerNorm: beta must be \[3\].*got \[4\]/);
  });
});
