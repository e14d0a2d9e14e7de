import { describe, expect, it } from "vitest";
import { conv2d } from "../ops/convolution.ts";
import {
  add,
  averagePool2d,
  broadcastTo,
  divide,
  exp,
  gradients,
  max,
  maxPool2d,
  mean,
  multiply,
  negative,
  relu,
  reshape,
  softmax,
  subtract,
  sum,
  tanh,
  toFloat,
  transpose,
} from "../ops/index.ts";
import { matmul } from "../ops/matmul.ts";
import { expectClose } from "../testing/compare.ts";
import { floatArray, intArray } from "../tensor/array.ts";
import { testValues } from "../testing/values.ts";
import type { Shape } from "../tensor/shape.ts";
import { compile, type Traced } from "./compile.ts";
import { constantTensor, indexTensor, variableTensor } from "./sources.ts";
import { Slab } from "./slab.ts";
import type { Tensor } from "./tensor.ts";

/** Labels of the kernel calls, after checking that what they compute agrees with the reference loops. */
function callsOf(fn: (...inputs: Tensor[]) => Traced, shapes: readonly Shape[], fusion = true): string[] {
  const asList = (...inputs: Tensor[]) => {
    const result = fn(...inputs);
    return Array.isArray(result) ? (result as Tensor[]) : [result as Tensor];
  };
  const arrays = shapes.map((shape, i) => testValues("normal", shape, i + 1));
  const program = compile(asList, shapes, { threads: 1, fusion });
  const actual = program(...arrays);
  const expected = compile(asList, shapes, { target: "reference" })(...arrays);
  actual.forEach((array, i) => expectClose(array.data, expected[i].data, 1e-5, `output ${i}`));
  return program.report.calls.map(({ label }) => label);
}

const IMAGE = [2, 6, 6, 3];
const FILTER = [3, 3, 3, 5];
const MAPS = [2, 6, 6, 5];
const conv = (x: Tensor, w: Tensor) => conv2d(x, w, { padding: "same" });
/** Calls that pack a filter have the convolution's label as well. */
const packing = callsOf((x, w) => conv(x, w), [IMAGE, FILTER]).length - 1;

describe("the epilogue of a convolution takes", () => {
  it("bias and activation", () => {
    const calls = callsOf((x, w, b) => relu(add(conv(x, w), b)), [IMAGE, FILTER, [5]]);
    expect(calls.length).toBe(packing + 1);
    expect(calls.at(-1)).toBe("convolution + broadcastTo + add + relu");
  });

  it("a residual sum", () => {
    const calls = callsOf((x, w, y) => relu(add(conv(x, w), y)), [IMAGE, FILTER, MAPS]);
    expect(calls.length).toBe(packing + 1);
  });

  it("only one of two convolutions that are added", () => {
    const calls = callsOf((x, w, v) => add(conv(x, w), conv(x, v)), [IMAGE, FILTER, FILTER]);
    expect(calls.length).toBe(2 * (packing + 1));
  });

  it("nothing when the result before it is wanted too", () => {
    const both = (x: Tensor, w: Tensor) => {
      const y = conv(x, w);
      return [y, relu(y)];
    };
    expect(callsOf(both, [IMAGE, FILTER]).length).toBe(packing + 2);
  });

  it("two uses of the result in one expression", () => {
    const calls = callsOf((x, w) => multiply(conv(x, w), tanh(conv(x, w))), [IMAGE, FILTER]);
    expect(calls.length).toBe(packing + 1);
  });

  it("a transposed operand", () => {
    const shapes = [
      [2, 6, 6, 5],
      [1, 1, 5, 5],
      [5, 6, 6, 2],
    ];
    const fn = (x: Tensor, w: Tensor, y: Tensor) => add(conv(x, w), transpose(y, [3, 1, 2, 0]));
    const alone = callsOf((x: Tensor, w: Tensor) => conv(x, w), shapes.slice(0, 2));
    expect(callsOf(fn, shapes).length).toBe(alone.length);
  });
});

describe("the epilogue of a matrix product takes", () => {
  it("bias and activation", () => {
    const calls = callsOf((a, b, c) => relu(add(matmul(a, b), c)), [[7, 4], [4, 9], [9]]);
    expect(calls.at(-1)).toBe("matmul + broadcastTo + add + relu");
  });

  it("one number for each row", () => {
    callsOf(
      (a, b, c) => multiply(matmul(a, b), c),
      [
        [7, 4],
        [4, 9],
        [7, 1],
      ],
    );
  });

  it("a transposed operand", () => {
    callsOf(
      (a, b, c) => add(matmul(a, b), transpose(c)),
      [
        [7, 4],
        [4, 9],
        [9, 7],
      ],
    );
  });
});

describe("elementwise kernels", () => {
  it("take a whole chain", () => {
    expect(callsOf((x, y) => tanh(multiply(add(x, y), negative(x))), [[40], [40]]).length).toBe(1);
    expect(callsOf((x, y) => tanh(multiply(add(x, y), negative(x))), [[40], [40]], false).length).toBe(4);
  });

  it("broadcast and transpose on the way", () => {
    expect(
      callsOf(
        (x, y) => add(multiply(x, 2), transpose(y)),
        [
          [4, 5],
          [5, 4],
        ],
      ).length,
    ).toBe(1);
    expect(callsOf((x, y) => add(exp(broadcastTo(x, [4, 5])), y), [[5], [4, 5]]).length).toBe(1);
  });

  it("are computed again in each of two consumers when that is cheap, else kept", () => {
    const twice = (shared: (x: Tensor) => Tensor) => (x: Tensor) => {
      const y = shared(x);
      return [sum(multiply(y, 3), 0), max(y, 1)];
    };
    expect(
      callsOf(
        twice((x) => add(x, 1)),
        [[20, 30]],
      ).length,
    ).toBe(2);
    expect(
      callsOf(
        twice((x) => tanh(x)),
        [[20, 30]],
      ).length,
    ).toBe(3);
  });

  it("write a value that is needed in memory along with the one made of it", () => {
    const both = (x: Tensor) => {
      const y = tanh(x);
      return [y, multiply(y, x)];
    };
    expect(callsOf(both, [[50]]).length).toBe(1);
  });

  it("do equal operations once", () => {
    const fn = (x: Tensor, y: Tensor) => add(sum(multiply(x, y)), multiply(sum(multiply(x, y)), 2));
    expect(callsOf(fn, [[30], [30]]).length).toBe(2);
  });

  it("leave out what nothing needs", () => {
    const fn = (x: Tensor) => {
      sum(exp(x));
      return negative(x);
    };
    expect(callsOf(fn, [[30]]).length).toBe(1);
  });

  it("read both sides of a reshape", () => {
    const fn = (x: Tensor) => add(reshape(tanh(x), [6, 5]), 1);
    expect(callsOf(fn, [[30]]).length).toBe(2);
  });

  it("stay apart where a reduction lies between", () => {
    // exp and its sum, then the quotient; max before them.
    expect(callsOf((x) => softmax(x), [[20, 30]]).length).toBeLessThanOrEqual(4);
    const fn = (x: Tensor) => {
      const y = tanh(x);
      return divide(y, add(mean(multiply(y, y)), 1));
    };
    // tanh; the sum of squares; that over 200, plus 1; the quotient.
    expect(callsOf(fn, [[200]]).length).toBe(4);
  });

  it("survive a chain in which each value is used twice", () => {
    // Written out as a tree, the last of 40 would have 2^40 leaves.
    const fn = (x: Tensor) => {
      let y = x;
      for (let i = 0; i < 40; i++) y = multiply(add(tanh(y), y), 0.5);
      return y;
    };
    expect(callsOf(fn, [[40]]).length).toBeLessThan(40);
  });
});

describe("reductions", () => {
  it("of one tensor over the same axes share a kernel, two at a time", () => {
    const sums = (x: Tensor) => [sum(x, 0), sum(multiply(x, x), 0), sum(tanh(x), 0)];
    expect(callsOf(sums, [[40, 30]])).toEqual(["sum + multiply", "sum + tanh"]);
    expect(callsOf(sums, [[40, 30]], false).length).toBe(5);
  });

  it("of many elements share every stage", () => {
    const calls = callsOf((x) => [sum(x, 0), sum(multiply(x, x), 0)], [[8192, 5]]);
    expect(new Set(calls)).toEqual(new Set(["sum + multiply"]));
    expect(calls.length).toBe(callsOf((x) => sum(x, 0), [[8192, 5]]).length);
  });

  it("stay apart where one needs the other, or axes, shapes or kinds differ, or nothing large is shared", () => {
    const centred = (x: Tensor) => subtract(x, broadcastTo(mean(x, 0), x.shape));
    expect(callsOf((x) => [sum(x, 0), sum(multiply(centred(x), x), 0)], [[40, 30]]).length).toBe(3);
    expect(callsOf((x) => [sum(x, 0), sum(x, 1)], [[40, 30]]).length).toBe(2);
    expect(callsOf((x) => [sum(x, 0), max(x, 0)], [[40, 30]]).length).toBe(2);
    expect(callsOf((x) => [sum(x, 0), sum(reshape(x, [30, 40]), 0)], [[40, 30]]).length).toBe(2);
    expect(
      callsOf(
        (x, y) => [sum(x, 0), sum(y, 0)],
        [
          [40, 30],
          [40, 30],
        ],
      ).length,
    ).toBe(2);
  });

  it("wait for nothing: one whose tensors come later stays behind", () => {
    const calls = callsOf(
      (x, w) => {
        const total = sum(x, 0);
        const later = matmul(add(x, broadcastTo(total, x.shape)), w);
        return [later, sum(multiply(x, later), 0)];
      },
      [
        [40, 30],
        [30, 30],
      ],
    );
    expect(calls.filter((label) => label.startsWith("sum")).length).toBe(2);
  });
});

describe("a tensor in memory", () => {
  const WIDE = [6, 12, 12, 8];
  const SQUARE = [1, 1, 8, 8];
  /** A convolution wants y in memory; the product with x reads only what y is made of. */
  const gated = (y: (x: Tensor, b: Tensor) => Tensor) => {
    const shapes = [WIDE, [8], SQUARE];
    const run = (x: Tensor, b: Tensor, w: Tensor) => {
      const activated = y(x, b);
      return max(multiply(multiply(conv2d(activated, w), activated), x), [0, 1, 2]);
    };
    callsOf(run, shapes);
    const { calls } = compile(run, shapes, { threads: 1, target: "wasm" }).report;
    const bytes = 4 * 6 * 12 * 12 * 8;
    return calls
      .filter(({ label }) => label.includes("max"))
      .map((call) => Math.floor(call.bytes / bytes))[0];
  };

  it("is computed again where all that is large of it is read anyway", () => {
    expect(gated((x, b) => relu(add(x, b)))).toBe(2);
  });

  it("is read where that would take many operations", () => {
    expect(gated((x, b) => tanh(add(x, b)))).toBe(3);
  });
});

describe("a pooling", () => {
  const PIXELS = [2, 4, 6, 16];
  const pooled = (x: Tensor) => maxPool2d(x, { poolSize: 2 });

  it("computes its input as it reads, whole tensors, vectors over the channels and numbers", () => {
    const calls = callsOf(
      (x, y, scale) => pooled(relu(add(multiply(x, scale), multiply(y, 3)))),
      [PIXELS, PIXELS, [16]],
    );
    expect(calls).toEqual(["constant + broadcastTo + multiply + add + relu + maxPool"]);
    const means = callsOf((x) => averagePool2d(exp(x), { poolSize: 2 }), [PIXELS]);
    expect(means).toEqual(["exp + averagePool"]);
  });

  it("reads its input from memory when windows overlap, channels are few, or operands have other strides", () => {
    const overlapping = callsOf((x) => maxPool2d(relu(x), { poolSize: 3, strides: 2 }), [PIXELS]);
    const narrow = callsOf((x) => pooled(relu(x)), [[2, 4, 6, 15]]);
    const rows = callsOf((x, y) => pooled(add(x, y)), [PIXELS, [4, 1, 1]]);
    const counted = callsOf((x) => pooled(multiply(x, toFloat(indexTensor(PIXELS, [0, 1, 0, 0])))), [PIXELS]);
    for (const calls of [overlapping, narrow, rows, counted]) expect(calls.length).toBe(2);
  });

  it("finds maxima and where they are in one pass, and its gradient takes part in what is made of it", () => {
    const calls = callsOf(
      (x) => {
        const maxima = pooled(x);
        const [gradient] = gradients(sum(multiply(maxima, maxima)), [x]);
        return [maxima, multiply(gradient, x)];
      },
      [PIXELS],
    );
    expect(calls).toEqual([
      "maxPool + maxPoolWinner",
      // A gradient for each of the maxima.
      "broadcastTo + multiply + add",
      "repeat + index + toFloat + whereEqual + multiply",
    ]);
  });

  it("of other windows over the same tensor gives its gradient a kernel of its own", () => {
    const calls = callsOf(
      (x) => gradients(add(sum(exp(pooled(x))), sum(exp(maxPool2d(x, { poolSize: [4, 3] })))), [x]),
      [[1, 12, 12, 16]],
    );
    expect(calls.filter((label) => label.includes("whereEqual")).length).toBe(1);
    expect(calls).toContain("repeat");
  });
});

describe("outputs", () => {
  it("may be inputs, constants, variables, numbers and views", () => {
    const slab = new Slab("test", Float32Array.of(7, 8, 9));
    const fn = (x: Tensor) => [
      x,
      constantTensor(floatArray([1, 2], [2])),
      constantTensor(floatArray([5], [])),
      variableTensor(slab, 1, [2]),
      reshape(x, [1, 3]),
      broadcastTo(constantTensor(floatArray([4], [])), [2]),
    ];
    const run = compile(fn, [[3]], { threads: 1 });
    for (const numbers of [
      [1, 2, 3],
      [4, 5, 6],
    ]) {
      expect(run(floatArray(numbers, [3])).map(({ data }) => [...data])).toEqual([
        numbers,
        [1, 2],
        [5],
        [8, 9],
        numbers,
        [4, 4],
      ]);
    }
  });

  it("may be one tensor twice, and what another one is made of", () => {
    const fn = (x: Tensor) => {
      const y = add(x, 1);
      return [y, y, multiply(y, 2), reshape(y, [3, 1])];
    };
    const run = compile(fn, [[3]], { threads: 1 });
    const expected = [
      [2, 3, 4],
      [2, 3, 4],
      [4, 6, 8],
      [2, 3, 4],
    ];
    expect(run(floatArray([1, 2, 3], [3])).map(({ data }) => [...data])).toEqual(expected);
  });

  it("of a program that does nothing are none", () => {
    const nothing = compile(() => [], [[2]], { threads: 2 });
    const double = compile((x) => multiply(x, 2), [[2]], { threads: 2 });
    for (let i = 0; i < 100; i++) {
      expect(nothing(floatArray([1, 2], [2]))).toEqual([]);
      expect([...double(floatArray([i, 2], [2])).data]).toEqual([2 * i, 4]);
    }
  });
});

describe("numbers in expressions", () => {
  it("keep their dtype", () => {
    const fn = (x: Tensor) => add(x, toFloat(constantTensor(intArray([3], []))));
    expect(compile(fn, [[]], { threads: 1 })(floatArray([1], [])).data[0]).toBe(4);
    const repeated = (x: Tensor) => add(x, toFloat(broadcastTo(constantTensor(intArray([-2], [])), [2])));
    expect([...compile(repeated, [[2]], { threads: 1 })(floatArray([1, 2], [2])).data]).toEqual([-1, 0]);
  });

  it("tell 0 from -0", () => {
    const quotients = (x: Tensor) => [divide(x, 0), divide(x, -0), subtract(divide(x, -0), 1)];
    const [a, b, c] = compile(quotients, [[2]], { threads: 1 })(floatArray([1, -1], [2]));
    expect([...a.data, ...b.data, ...c.data]).toEqual([
      Infinity,
      -Infinity,
      -Infinity,
      Infinity,
      -Infinity,
      Infinity,
    ]);
  });
});
