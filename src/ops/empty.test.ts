import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { floatArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { conv1d, conv2d } from "./convolution.ts";
import { depthwiseConv2d } from "./depthwise.ts";
import { add, gradients, matmul, maxPool2d, sum, tanh } from "./index.ts";
import { conv2dTranspose } from "./transposed-convolution.ts";

type Operation = (...inputs: Tensor[]) => Tensor;

const product = (a: Tensor, b: Tensor) => matmul(a, b);

/** Sums of no products are 0, as in NumPy; a result without elements is one. */
const EMPTY: readonly (readonly [string, readonly Shape[], Operation, Shape])[] = [
  [
    "a matrix product over no terms",
    [
      [2, 0],
      [0, 3],
    ],
    product,
    [2, 3],
  ],
  [
    "a matrix product without rows",
    [
      [0, 3],
      [3, 2],
    ],
    product,
    [0, 2],
  ],
  [
    "a matrix product without columns",
    [
      [2, 3],
      [3, 0],
    ],
    product,
    [2, 0],
  ],
  [
    "a convolution of no channels",
    [
      [1, 5, 5, 0],
      [3, 3, 0, 4],
    ],
    (x, w) => conv2d(x, w),
    [1, 3, 3, 4],
  ],
  [
    "a convolution without filters",
    [
      [1, 5, 5, 2],
      [3, 3, 2, 0],
    ],
    (x, w) => conv2d(x, w),
    [1, 3, 3, 0],
  ],
  [
    "a convolution of no images",
    [
      [0, 5, 5, 2],
      [3, 3, 2, 2],
    ],
    (x, w) => conv2d(x, w),
    [0, 3, 3, 2],
  ],
  [
    "a 1D convolution of no channels",
    [
      [1, 5, 0],
      [3, 0, 2],
    ],
    (x, w) => conv1d(x, w),
    [1, 3, 2],
  ],
  [
    "a transposed convolution of no channels",
    [
      [1, 5, 5, 0],
      [3, 3, 4, 0],
    ],
    (x, w) => conv2dTranspose(x, w),
    [1, 7, 7, 4],
  ],
  [
    "a depthwise convolution of no channels",
    [
      [1, 5, 5, 0],
      [3, 3, 0, 1],
    ],
    (x, w) => depthwiseConv2d(x, w),
    [1, 3, 3, 0],
  ],
];

function filled(shape: Shape) {
  return floatArray(new Float32Array(sizeOf(shape)).fill(2), shape);
}

describe.each(KERNEL_TARGETS)("on %s", (target) => {
  it.each(EMPTY)(
    "%s is a result of zeros, with gradients of zeros if there are results",
    (_, shapes, fn, shape) => {
      const run = compile(
        (...inputs) => {
          const y = fn(...inputs);
          // A sum of nothing is refused, so there is a loss of some results only.
          return sizeOf(shape) === 0 ? [y] : [y, ...gradients(sum(add(tanh(y), 1)), inputs)];
        },
        shapes,
        { target, threads: 1 },
      );
      const attempt = () => run(...shapes.map(filled));
      const [output, ...slopes] = attempt();
      expect(output.shape).toEqual(shape);
      expect([...output.data]).toEqual(new Array(sizeOf(shape)).fill(0));
      slopes.forEach((slope, i) => {
        expect(slope.shape).toEqual(shapes[i]);
        expect([...slope.data]).toEqual(new Array(sizeOf(shapes[i])).fill(0));
      });
    },
  );
});

describe("what has no meaning without elements", () => {
  const symbolic = (shapes: readonly Shape[], fn: Operation) => () =>
    compile(fn, shapes, { target: "reference" });

  it("is refused by name: a largest value, a window without length, pooling of nothing", () => {
    expect(
      symbolic(
        [
          [1, 5, 5, 2],
          [0, 3, 2, 2],
        ],
        (x, w) => conv2d(x, w),
      ),
    ).toThrow("and have a length");
    expect(
      symbolic(
        [
          [1, 5, 2],
          [0, 2, 2],
        ],
        (x, w) => conv1d(x, w),
      ),
    ).toThrow("and have a length");
    expect(symbolic([[0, 4, 4, 2]], (x) => maxPool2d(x, { poolSize: 2 }))).toThrow(
      "not empty; got [0,4,4,2]",
    );
    expect(symbolic([[2, 0]], (x) => sum(x, [1]))).toThrow("reduced axes must not be empty; got [2,0]");
  });
});
