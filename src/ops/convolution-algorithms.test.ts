import { describe, expect, it } from "vitest";
import { compile, type CompileOptions } from "../graph/compile.ts";
import { platform } from "#platform";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { testValues } from "../testing/values.ts";
import { conv1d, conv2d } from "./convolution.ts";
import { add, gradients, multiply, relu, sum } from "./index.ts";

const INPUT = [4, 16, 16, 16];
const FILTER = [3, 3, 16, 24];

/** A convolution with both of its gradients. */
function program(options: CompileOptions) {
  return compile(
    (input, filter) => {
      const output = conv2d(input, filter, { padding: "same" });
      const derived = gradients(sum(multiply(output, output)), [input, filter]);
      return [output, ...derived];
    },
    [INPUT, FILTER],
    options,
  );
}

const arrays = [testValues("normal", INPUT, 1), testValues("normal", FILTER, 2)];

function algorithmsIn(run: ReturnType<typeof program>): boolean[] {
  const products = run.report.calls.filter(({ multiplyAdds }) => multiplyAdds > 0);
  return products.map(({ key }) => key.startsWith("winograd"));
}

/** The names of algorithms by the kind of their kernels. */
const NAMES: Readonly<Record<string, RegExp>> = {
  convolution: /^(direct|phases)$/,
  filterGradient: /^direct$/,
  winograd: /^winograd$/,
  winogradFilterGradient: /^winograd$/,
  planarConvolution: /^planar$/,
  planarFilterGradient: /^planar$/,
  scatter: /^scatter( rows)?$/,
  smallImagesFilterGradient: /^small images$/,
};

describe("a convolution and its gradients", () => {
  it("are computed by Winograd's algorithm, and by the direct one when that is asked for", () => {
    for (const target of KERNEL_TARGETS) {
      const [fixed, direct] = (["fixed", "direct"] as const).map((algorithms) =>
        program({ target, algorithms }),
      );
      expect(algorithmsIn(fixed), target).toEqual([true, true, true]);
      expect(algorithmsIn(direct), target).toEqual([false, false, false]);
      const expected = direct(...arrays);
      fixed(...arrays).forEach(({ data }, i) =>
        expectClose(data, expected[i].data, 5e-6, `result ${i} on ${target}`),
      );
    }
  });

  it("give the same bits with Winograd's algorithm for 1, 2 and 3 threads", () => {
    for (const target of KERNEL_TARGETS) {
      const [one, ...more] = [1, 2, 3].map((threads) => program({ target, threads })(...arrays));
      for (const other of more) other.forEach(({ data }, i) => expect(data, target).toEqual(one[i].data));
    }
  });

  it("are computed by what was measured to be the fastest, which later programs use again", () => {
    const target = "wasm";
    const run = program({ target, threads: 1, algorithms: "measured" });
    const again = program({ target, threads: 2, algorithms: "measured" });
    expect(algorithmsIn(again)).toEqual(algorithmsIn(run));
    const expected = program({ target, algorithms: "direct" })(...arrays);
    run(...arrays).forEach(({ data }, i) => expectClose(data, expected[i].data, 5e-6, `result ${i}`));
    for (const { key, multiplyAdds } of run.report.calls) {
      if (multiplyAdds === 0) continue;
      const [kind] = key.split(" ");
      const geometry = /geometry:(\{.*?\})/.exec(key)?.[1] ?? "";
      const what = /filterGradient/i.test(kind) ? "filter gradient" : "convolution";
      const chosen = platform.algorithmChoices.get(`${target} ${what} ${geometry}`);
      expect(chosen).toMatch(NAMES[kind]);
    }
  });
});

describe("filter gradients of small images", () => {
  const cases = [
    { input: [4, 3, 3, 24], filter: [3, 3, 24, 40], strides: 1 },
    { input: [3, 7, 5, 20], filter: [3, 2, 20, 33], strides: 2 },
  ];
  const run = (one: (typeof cases)[number], options: CompileOptions) =>
    compile(
      (input, filter) => {
        const output = conv2d(input, filter, { strides: one.strides, padding: "same" });
        return gradients(sum(multiply(output, output)), [filter]);
      },
      [one.input, one.filter],
      options,
    );

  it("go through all images at once, with the results of the direct algorithm and the same bits for 1, 2 and 3 threads", () => {
    for (const one of cases) {
      const values = [testValues("normal", one.input, 1), testValues("normal", one.filter, 2)];
      for (const target of KERNEL_TARGETS) {
        const [first, ...more] = [1, 2, 3].map((threads) => run(one, { target, threads }));
        const last = first.report.calls.filter(({ multiplyAdds }) => multiplyAdds > 0).at(-1);
        expect(last?.key, target).toMatch(/^smallImagesFilterGradient /);
        const [result] = first(...values);
        const [expected] = run(one, { target, algorithms: "direct" })(...values);
        expectClose(result.data, expected.data, 2e-6, target);
        for (const other of more) expect(other(...values)[0].data, target).toEqual(result.data);
      }
    }
  });
});

describe("filter gradients that no second-level cache holds", () => {
  it("are shared out by filter numbers where there are many pixels too, with the same bits for 1, 2 and 3 threads", () => {
    const shapes = [
      [8, 8, 8, 260],
      [1, 1, 260, 1010],
      [8, 8, 8, 1010],
    ];
    const values = shapes.map((shape, i) => testValues("normal", shape, i));
    const run = (options: CompileOptions) =>
      compile(
        (x, filter, slope) => gradients(sum(multiply(conv2d(x, filter), slope)), [filter]),
        shapes,
        options,
      );
    const [x, , slope] = values.map(({ data }) => data);
    const [numbers, outputs] = [260, 1010];
    const expected = new Float64Array(numbers * outputs);
    for (let pixel = 0; pixel < x.length / numbers; pixel++)
      for (let number = 0; number < numbers; number++) {
        const value = x[pixel * numbers + number];
        for (let output = 0; output < outputs; output++)
          expected[number * outputs + output] += value * slope[pixel * outputs + output];
      }
    for (const target of KERNEL_TARGETS) {
      const [first, ...more] = [1, 2, 3].map((threads) => run({ target, threads }));
      const kinds = first.report.calls.map(({ key }) => key.split(" ")[0]);
      expect(kinds, target).toContain("filterGradient");
      expect(kinds, target).not.toContain("reduce");
      const [result] = first(...values);
      expectClose(result.data, expected, 5e-6, target);
      for (const other of more) {
        const [again] = other(...values);
        expect(
          again.data.every((value, i) => Object.is(value, result.data[i])),
          target,
        ).toBe(true);
      }
    }
  });
});

describe("input gradients of few channels, or of strides", () => {
  const cases = [
    { input: [16, 10, 10, 6], filter: [5, 5, 6, 16], strides: 1 },
    { input: [16, 12, 11, 16], filter: [3, 3, 16, 32], strides: 2 },
    // Few images, each of which is several units; tall filters, whose rows fill vectors; both.
    { input: [3, 20, 20, 1], filter: [5, 9, 1, 16], strides: 1 },
    { input: [16, 50, 12, 1], filter: [32, 1, 1, 20], strides: 1 },
    { input: [2, 70, 9, 1], filter: [40, 2, 1, 12], strides: 1 },
  ];
  const run = (one: (typeof cases)[number], options: CompileOptions) =>
    compile(
      (input, filter) => {
        const output = conv2d(input, filter, { strides: one.strides });
        return gradients(sum(multiply(output, output)), [input]).map((g) => multiply(g, input));
      },
      [one.input, one.filter],
      options,
    );

  it("are scattered, with the results of the direct algorithm and the same bits for 1, 2 and 3 threads", () => {
    for (const one of cases) {
      const values = [testValues("normal", one.input, 1), testValues("normal", one.filter, 2)];
      for (const target of KERNEL_TARGETS) {
        const [first, ...more] = [1, 2, 3].map((threads) => run(one, { target, threads }));
        const last = first.report.calls.filter(({ multiplyAdds }) => multiplyAdds > 0).at(-1);
        expect(last?.key, target).toMatch(/^scatter /);
        const [result] = first(...values);
        const [expected] = run(one, { target, algorithms: "direct" })(...values);
        expectClose(result.data, expected.data, 2e-6, target);
        for (const other of more) expect(other(...values)[0].data, target).toEqual(result.data);
      }
    }
  });
});

describe("input gradients of strided filters of one pixel", () => {
  const cases = [
    { input: [1, 9, 8, 260], filter: [1, 1, 260, 1000], strides: [2, 2] },
    { input: [1, 5, 10, 256], filter: [1, 1, 256, 300], strides: [1, 3] },
    { input: [2, 15, 256], filter: [1, 256, 512], strides: [4] },
  ];

  it("are products for the pixels that are read, among zeros, with the bits of the direct algorithm for 1, 2 and 3 threads", () => {
    for (const { input, filter, strides } of cases) {
      const values = [testValues("normal", input, 1), testValues("normal", filter, 2)];
      for (const target of KERNEL_TARGETS) {
        const run = (options: CompileOptions) =>
          compile(
            (x, weights) => {
              const y =
                strides.length === 1
                  ? conv1d(x, weights, { strides: strides[0] })
                  : conv2d(x, weights, { strides });
              const [g] = gradients(sum(multiply(y, y)), [x]);
              return [relu(add(g, x)), g];
            },
            [input, filter],
            { target, ...options },
          );
        const [first, ...more] = [1, 2, 3].map((threads) => run({ threads }));
        const elementwise = first.report.calls.filter(({ key }) =>
          key.includes('source:"index",strides:[0,0,0,0]'),
        );
        expect(elementwise.length, target).toBeGreaterThan(0);
        const results = first(...values);
        const expected = run({ algorithms: "direct" })(...values);
        results.forEach(({ data }, i) => expect(data, target).toEqual(expected[i].data));
        for (const other of more) {
          other(...values).forEach(({ data }, i) => expect(data, target).toEqual(results[i].data));
        }
      }
    }
  });
});

describe("filters of one pixel whose strides and padding leave the width as it was", () => {
  const paddings: readonly (readonly [number, number])[] = [[0, 8], [4, 4], [8, 0]]; // prettier-ignore
  it.each(paddings)("read what they would without: padding %i and %i", (before, after) => {
    const shapes = [
      [1, 1, 8, 300],
      [1, 1, 300, 40],
    ];
    const values = shapes.map((shape, i) => testValues("normal", shape, i));
    for (const target of KERNEL_TARGETS) {
      const [output, direct] = (["fixed", "direct"] as const).map((algorithms) =>
        compile(
          (x, filter) => {
            const y = conv2d(x, filter, { strides: [1, 2], padding: [[0, 0], [before, after]] }); // prettier-ignore
            return [y, ...gradients(sum(multiply(y, y)), [x, filter])];
          },
          shapes,
          { target, algorithms },
        )(...values),
      );
      expect(output[0].shape).toEqual([1, 1, 8, 40]);
      output.forEach(({ data }, i) => expectClose(data, direct[i].data, 5e-6, `result ${i} on ${target}`));
    }
  });
});
