import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { testValues } from "../testing/values.ts";
import type { Shape } from "../tensor/shape.ts";
import { add, conv1d, conv2d, conv2dTranspose, matmul, multiply, relu, tanh } from "./index.ts";

/** A product and the shapes of its two operands and its result. */
const PRODUCTS: readonly [string, (a: Tensor, b: Tensor) => Tensor, Shape, Shape, Shape][] = [
  ["matmul", (a, b) => matmul(a, b), [5, 4], [4, 11], [5, 11]],
  ["matmul, one row", (a, b) => matmul(a, b), [1, 9], [9, 8], [1, 8]],
  ["matmul by the transpose", (a, b) => matmul(a, b, { transposeB: true }), [6, 7], [9, 7], [6, 9]],
  ["conv1d", (x, w) => conv1d(x, w, { padding: "same" }), [2, 9, 3], [3, 3, 5], [2, 9, 5]],
  ["conv1d with blocks of columns", (x, w) => conv1d(x, w), [1, 75, 2], [4, 2, 9], [1, 72, 9]],
  ["conv2d", (x, w) => conv2d(x, w, { padding: "same" }), [2, 5, 6, 3], [3, 3, 3, 10], [2, 5, 6, 10]],
  ["conv2dTranspose", (x, w) => conv2dTranspose(x, w), [2, 3, 4, 3], [2, 2, 5, 3], [2, 4, 5, 5]],
];

function broadcastable(shape: Shape): Shape[] {
  const alone = shape.map((_, kept) => shape.map((length, axis) => (axis === kept ? length : 1)));
  return [shape, [shape[shape.length - 1]], [], ...alone];
}

describe.each(PRODUCTS)("the epilogue of %s", (_, product, shapeA, shapeB, result) => {
  it.each(broadcastable(result).map((shape) => [`[${shape.join(",")}]`, shape] as const))(
    "adds, multiplies and applies functions with an operand %s as the reference loops do, within 2e-6",
    (_name, operand) => {
      const shapes = [shapeA, shapeB, operand];
      const arrays = shapes.map((shape, i) => testValues("normal", shape, i));
      const fn = (a: Tensor, b: Tensor, c: Tensor) => tanh(multiply(relu(add(product(a, b), c)), c));
      const expected = compile(fn, shapes, { target: "reference" })(...arrays);
      expect(expected.shape).toEqual(result);
      for (const target of KERNEL_TARGETS) {
        const run = compile(fn, shapes, { target, threads: 2 });
        // Packing the filter, then one kernel: the epilogue was fused.
        expect(run.report.calls.at(-1)?.multiplyAdds).toBeGreaterThan(0);
        expectClose(run(...arrays).data, expected.data, 2e-6, target);
      }
    },
  );
});
