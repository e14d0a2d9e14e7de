import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { floatArray } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { testValues } from "../testing/values.ts";
import { multiply } from "./arithmetic.ts";
import { gradients } from "./gradients.ts";
import {
  averagePool1d,
  averagePool2d,
  globalAveragePool,
  globalMaxPool,
  maxPool1d,
  maxPool2d,
  type AveragePoolingOptions,
  type PoolingOptions,
} from "./pooling.ts";
import { square } from "./power.ts";
import { sum } from "./sum.ts";
import { tanh } from "./exponential.ts";

const TARGETS = [...KERNEL_TARGETS, "reference" as const];

describe.each(TARGETS)("pooling on %s", (target) => {
  it("has Keras' lengths and clips windows", () => {
    // Windows of 3, stride 2, "same" over 5: one zero before, one after; windows {1,2}, {2,3,4}, {4,5}.
    const x = floatArray([1, 2, 3, 4, 5], [1, 5, 1]);
    const options: PoolingOptions = { poolSize: 3, strides: 2, padding: "same" };
    const run = compile((t) => [maxPool1d(t, options), averagePool1d(t, options)], [[1, 5, 1]], { target });
    const [max, mean] = run(x);
    expect([...max.data]).toEqual([2, 4, 5]);
    expect([...mean.data]).toEqual([1.5, 3, 4.5]);
    expect(max.shape).toEqual([1, 3, 1]);
  });

  it("never takes padding for the maximum of negative numbers", () => {
    const run = compile((t) => maxPool2d(t, { poolSize: 2, padding: "same" }), [[1, 1, 1, 2]], { target });
    expect([...run(floatArray([-3, -7], [1, 1, 1, 2])).data]).toEqual([-3, -7]);
  });

  // With 80 channels the gradient is arithmetic on whole vectors of pixels, with 5 a kernel of its own.
  it.each([1, 16])(
    "gives the gradient to the first of equal maxima, row by row, in 5 × %i channels",
    (times) => {
      // One window of 2×2 over five channels, each with its maximum 1 at other places: 0, 1, 2, 3, and all.
      const repeated = (cells: readonly number[][]) =>
        cells.flatMap((cell) => Array.from({ length: 5 * times }, (_, channel) => cell[channel % 5]));
      const cells = repeated([
        [1, 0, 0, 0, 1],
        [1, 1, 0, 0, 1],
        [1, 1, 1, 0, 1],
        [0, 1, 1, 1, 1],
      ]);
      const shape = [1, 2, 2, 5 * times];
      const run = compile((t) => gradients(sum(maxPool2d(t, { poolSize: 2 })), [t]), [shape], { target });
      expect([...run(floatArray(cells, shape))[0].data]).toEqual(
        repeated([
          [1, 0, 0, 0, 1],
          [0, 1, 0, 0, 0],
          [0, 0, 1, 0, 0],
          [0, 0, 0, 1, 0],
        ]),
      );
    },
  );

  it("adds up the gradients of windows that share a maximum and gives none to cells outside all windows", () => {
    const shared = compile(
      (t) => gradients(sum(maxPool1d(t, { poolSize: 3, strides: 1 })), [t]),
      [[1, 4, 1]],
      {
        target,
      },
    );
    // Windows {0, 2, 1} and {2, 1, 1} both have their maximum at position 1.
    expect([...shared(floatArray([0, 2, 1, 1], [1, 4, 1]))[0].data]).toEqual([0, 2, 0, 0]);
    const cut = compile((t) => gradients(sum(maxPool1d(t, { poolSize: 2, strides: 3 })), [t]), [[1, 6, 1]], {
      target,
    });
    // Windows {4, 5} and {1, 0}; positions 2 and 5 are in none.
    expect([...cut(floatArray([4, 5, 9, 1, 0, 9], [1, 6, 1]))[0].data]).toEqual([0, 1, 0, 1, 0, 0]);
  });

  it("leaves gaps in windows", () => {
    // Cells 0 and 3, 1 and 4, 2 and 5.
    const x = floatArray([5, 1, 2, 4, 9, -1], [1, 6, 1]);
    const options: PoolingOptions = { poolSize: 2, strides: 1, dilationRate: 3 };
    const run = compile((t) => [maxPool1d(t, options), averagePool1d(t, options)], [[1, 6, 1]], { target });
    const [max, mean] = run(x);
    expect([...max.data]).toEqual([5, 9, 2]);
    expect([...mean.data]).toEqual([4.5, 5, 0.5]);
  });

  it("takes a last window that reaches past the end where it starts before it, with ceil", () => {
    const lengths = (length: number, options: PoolingOptions) => {
      const x = floatArray(
        Array.from({ length }, (_, i) => i + 1),
        [1, length, 1],
      );
      return [
        ...compile((t) => maxPool1d(t, { ...options, ceil: true }), [[1, length, 1]], { target })(x).data,
      ];
    };
    expect(lengths(5, { poolSize: 2 })).toEqual([2, 4, 5]);
    // A third window would start at 8, behind the input.
    expect(lengths(8, { poolSize: 3, strides: 4 })).toEqual([3, 7]);
    // It would start at place 5, in the padding after the input.
    expect(lengths(5, { poolSize: 2, strides: 3, padding: [[1, 1]] })).toEqual([1, 4]);
    expect(lengths(3, { poolSize: 4, strides: 2 })).toEqual([3]);
    expect(lengths(5, { poolSize: 3, strides: 2, padding: "same" })).toEqual([2, 4, 5]);
  });

  it("counts padding with countIncludePad, but not what lies past it", () => {
    const mean = (options: AveragePoolingOptions) => [
      ...compile((t) => averagePool1d(t, { ...options, countIncludePad: true }), [[1, 6, 1]], { target })(
        floatArray([6, 12, 18, 24, 30, 36], [1, 6, 1]),
      ).data,
    ];
    // (0 + 6 + 12) / 3, (18 + 24 + 30) / 3
    expect(mean({ poolSize: 3, padding: [[1, 0]] })).toEqual([6, 24]);
    // The last window is 36 and the padding's 0: what ceil adds is not counted.
    expect(mean({ poolSize: 3, padding: [[1, 1]], ceil: true })).toEqual([6, 24, 18]);
    expect(mean({ poolSize: 2 })).toEqual([9, 21, 33]);
  });

  it("keeps a NaN that is a window's first cell and passes over others", () => {
    const run = compile((t) => maxPool1d(t, { poolSize: 2 }), [[1, 4, 1]], { target });
    expect([...run(floatArray([NaN, 1, 2, NaN], [1, 4, 1])).data]).toEqual([NaN, 2]);
  });

  it("pools globally", () => {
    const shape = [1, 2, 2, 2];
    const run = compile(
      (t) => [globalMaxPool(t), globalAveragePool(t), globalAveragePool(t, true)],
      [shape],
      {
        target,
      },
    );
    const [max, mean, kept] = run(floatArray([1, 8, 2, 7, 3, 6, 4, 5], shape));
    expect([...max.data]).toEqual([4, 8]);
    // (1+2+3+4) / 4 and (8+7+6+5) / 4
    expect([...mean.data]).toEqual([2.5, 6.5]);
    expect(kept.shape).toEqual([1, 1, 1, 2]);
  });

  it.each([3, 16])(
    "has second derivatives: d²/dx² of Σ max² is 2 at the maxima of %i channels",
    (channels) => {
      // d/dx Σ y² = 2y at the maxima; the sum of its products with v has the gradient 2v at the maxima.
      const shape = [1, 4, 4, channels];
      const run = compile(
        (x, v) => {
          const [first] = gradients(
            sum(multiply(maxPool2d(x, { poolSize: 2 }), maxPool2d(x, { poolSize: 2 }))),
            [x],
          );
          return gradients(sum(multiply(first, v)), [x]);
        },
        [shape, shape],
        { target },
      );
      const x = testValues("separated", shape, 3);
      const v = testValues("normal", shape, 4);
      const expected = new Float64Array(x.data.length);
      for (let channel = 0; channel < channels; channel++)
        for (const corner of [0, 2, 8, 10]) {
          const cells = [0, 1, 4, 5].map((cell) => (corner + cell) * channels + channel);
          const winner = cells.reduce((best, cell) => (x.data[cell] > x.data[best] ? cell : best));
          expected[winner] = 2 * v.data[winner];
        }
      expectClose(run(x, v)[0].data, expected, 1e-6, "second derivative");
    },
  );
});

describe("pooling", () => {
  it.each(KERNEL_TARGETS)("has the same bits with one and two threads on %s", (target) => {
    const shape = [3, 9, 11, 20];
    const x = testValues("normal", shape, 1);
    const run = (threads: number) =>
      compile(
        (t) => {
          const max = maxPool2d(t, { poolSize: 3, strides: 2, padding: "same" });
          const mean = averagePool2d(t, { poolSize: 3, strides: 2, padding: "same" });
          const dilated = maxPool2d(t, { poolSize: 3, strides: 2, padding: "same", dilationRate: 2 });
          return [max, mean, dilated, ...gradients(sum(multiply(multiply(max, mean), dilated)), [t])];
        },
        [shape],
        { target, threads },
      )(x);
    expect(run(2)).toEqual(run(1));
  });

  it("names what is wrong", () => {
    const pool = (shape: readonly number[], options: PoolingOptions) =>
      compile((t) => maxPool2d(t, options), [shape]);
    expect(() => pool([2, 3, 4], { poolSize: 2 })).toThrow(
      /maxPool2d: input must be \[batch, height, width, channels\]; got \[2,3,4\]/,
    );
    expect(() => pool([1, 3, 3, 1], { poolSize: 4 })).toThrow(/must fit .* axis 1; got input \[1,3,3,1\]/);
    expect(() => pool([1, 3, 3, 1], { poolSize: 0 })).toThrow(/poolSize must be a positive integer .* got 0/);
    const padding = [
      [0, 0],
      [2, 0],
    ] as const;
    expect(() => pool([1, 3, 3, 1], { poolSize: 2, padding })).toThrow(/below the window.*\[2,0\].* axis 2/);
    expect(() => pool([1, 3, 3, 1], { poolSize: 2, dilationRate: [1, 3] })).toThrow(
      /must fit .* axis 2; got .*dilationRate \[1,3\]/,
    );
    const wide = [
      [0, 0],
      [2, 2],
    ] as const;
    // Cells -2 and 2 lie on both sides of a row of 2.
    expect(() => pool([1, 3, 2, 1], { poolSize: [1, 2], dilationRate: 4, padding: wide })).toThrow(
      /each window must have a cell inside the input; number 0 along axis 2 has none/,
    );
    expect(() => pool([1, 3, 3, 1], { poolSize: 2, dilationRate: 1.5 })).toThrow(
      /dilationRate must be a positive/,
    );
    expect(() => compile((t) => globalMaxPool(t), [[2, 3]])).toThrow(/globalMaxPool: .* got \[2,3\]/);
  });
});

describe("the gradient of pooling", () => {
  const POOLS = { average: averagePool2d, max: maxPool2d } as const;
  /** With 6 channels windows are visited in groups, with 5 and 17 channels and a window of 3 the last vector is not full. */
  const CASES = [
    ["average", [2, 8, 16, 6], 2],
    ["average", [2, 6, 9, 17], 3],
    ["average", [2, 4, 6, 32], 2],
    ["max", [2, 8, 16, 6], 2],
    ["max", [2, 6, 9, 5], 3],
  ] as const;
  const close = (target: (typeof KERNEL_TARGETS)[number], fn: Fn, shapes: readonly Shape[]) => {
    const arrays = shapes.map((shape, i) => testValues("normal", shape, i));
    const [expected] = compile(fn, shapes, { target: "reference" })(...arrays);
    const run = compile(fn, shapes, { target, threads: 2 });
    const [result] = run(...arrays);
    expectClose(result.data, expected.data, 2e-6, target);
    return run.report.calls.map(({ label }) => label);
  };
  type Fn = (...inputs: Tensor[]) => Tensor[];

  describe.each(KERNEL_TARGETS)("on %s", (target) => {
    it.each(CASES)(
      "of %s over %j by %i takes arithmetic on tensors of its shape along",
      (name, shape, size) => {
        const throughTanh: Fn = (x) => {
          const y = tanh(x);
          return gradients(sum(square(POOLS[name](y, { poolSize: size }))), [x]);
        };
        expect(close(target, throughTanh, [shape]).at(-1)).toContain(`${name}PoolGradient + `);
      },
    );

    it("leaves arithmetic with a vector to a kernel of its own", () => {
      const scaled: Fn = (x, scale) =>
        gradients(sum(square(averagePool2d(multiply(x, scale), { poolSize: 2 }))), [x]);
      const labels = close(target, scaled, [[2, 8, 16, 6], [6]]);
      expect(labels.at(-1)).not.toContain("PoolGradient");
    });

    it("leaves arithmetic alone where cells get shares of several windows, or of none", () => {
      for (const options of [
        { poolSize: 3, strides: 2 },
        { poolSize: 2, strides: 3 },
      ]) {
        const fn: Fn = (x) => gradients(sum(square(averagePool2d(tanh(x), options))), [x]);
        expect(close(target, fn, [[2, 8, 17, 6]]).at(-1)).not.toContain("PoolGradient");
      }
    });
  });
});
