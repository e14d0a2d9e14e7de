import { describe, expect, it } from "vitest";
import { conv2d } from "../ops/convolution.ts";
import { add, gradients, matmul, multiply, sum, tanh } from "../ops/index.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { testValues } from "../testing/values.ts";
import { compile } from "./compile.ts";
import type { Tensor } from "./tensor.ts";

function lossAndGradients(x: Tensor, w: Tensor): Tensor[] {
  const y = tanh(conv2d(x, w, { padding: "same" }));
  const loss = sum(multiply(y, y));
  return [loss, ...gradients(loss, [x, w])];
}

describe("threads", () => {
  const shapes = [
    [5, 19, 23, 6],
    [3, 3, 6, 11],
  ];
  const arrays = shapes.map((shape, i) => testValues("normal", shape, i));

  for (const target of KERNEL_TARGETS) {
    it(`give the same bits on ${target}, whatever their number`, () => {
      const results = [1, 2, 3].map((threads) => {
        const run = compile(lossAndGradients, shapes, { target, threads });
        // Later runs are optimised code; sharing out is a matter of chance each time.
        return Array.from({ length: 20 }, () => run(...arrays));
      });
      const [first] = results[0];
      for (const runs of results) {
        for (const outputs of runs) {
          outputs.forEach((output, i) => expect(output.data).toEqual(first[i].data));
        }
      }
    });
  }

  for (const target of KERNEL_TARGETS) {
    it(`give the same bits on ${target} in thousands of runs of dense layers, with 2 and 5 in turn`, () => {
      for (const outputs of [84, 90, 47]) {
        const sizes = [[64, 120], [120, outputs], [outputs]];
        const values = sizes.map((shape, i) => testValues("normal", shape, i + 1));
        const run = (threads: number) =>
          compile((x, weights, bias) => tanh(add(matmul(x, weights), bias)), sizes, { target, threads });
        const expected = new Int32Array(run(1)(...values).data.buffer);
        const programs = [2, 5].map((threads) => ({ threads, program: run(threads) }));
        // Of runs in which two threads meet in one place, 1 in 100 may show it.
        for (let i = 0; i < 1500; i++) {
          for (const { threads, program } of programs) {
            const words = new Int32Array(program(...values).data.buffer);
            const differing = words.findIndex((word, place) => word !== expected[place]);
            expect(differing, `run ${i} with ${threads} threads, ${outputs} outputs`).toBe(-1);
          }
        }
      }
    });
  }

  it.each(KERNEL_TARGETS)("run several programs in turn on %s", (target) => {
    const square = compile((x) => multiply(x, x), [[3000]], { target, threads: 2 });
    const double = compile((x) => multiply(x, 2), [[3000]], { target, threads: 2 });
    const x = testValues("normal", [3000], 1);
    for (let i = 0; i < 50; i++) {
      expect(square(x).data[7]).toBe(Math.fround(x.data[7] * x.data[7]));
      expect(double(x).data[2999]).toBe(2 * x.data[2999]);
    }
  });
});
