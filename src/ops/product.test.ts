/** @file product, logSumExp and cumulativeSum: values, and gradients where the simple formulas fail. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { deriveKey, type Generator } from "../random/generator.ts";
import { floatArray } from "../tensor/array.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { testValues } from "../testing/values.ts";
import { cumulativeSum } from "./cumulative-sum.ts";
import { gradients } from "./gradients.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { product } from "./product.ts";
import { sum } from "./sum.ts";
import { checkFixture, describeTolerance } from "./testing/check-fixture.ts";
import { cases, checkTargets, pick } from "./testing/random-shapes.ts";

const TOLERANCE = { relative: 2e-6, absolute: 1e-6 };

const overAxes = z.strictObject({ axes: z.array(z.int()), keepDims: z.boolean() });
const cumulative = z.strictObject({ axis: z.int(), exclusive: z.boolean(), reverse: z.boolean() });

describe(`equal PyTorch's within ${describeTolerance(TOLERANCE)}, value and gradient`, () => {
  it.each(fixtureCases("tensor", "product").map((one) => [one.name, one] as const))(
    "product %s",
    (_, one) => {
      const { axes, keepDims } = overAxes.parse(one.params);
      checkFixture(one, ([x]) => product(x, axes, keepDims), TOLERANCE);
    },
  );
  it.each(fixtureCases("tensor", "logSumExp").map((one) => [one.name, one] as const))(
    "logSumExp %s",
    (_, one) => {
      const { axes, keepDims } = overAxes.parse(one.params);
      checkFixture(one, ([x]) => logSumExp(x, axes, keepDims), TOLERANCE);
    },
  );
  it.each(fixtureCases("tensor", "cumulativeSum").map((one) => [one.name, one] as const))(
    "cumulativeSum %s",
    (_, one) => {
      const { axis, ...options } = cumulative.parse(one.params);
      checkFixture(one, ([x]) => cumulativeSum(x, axis, options), { relative: 2e-6, absolute: 4e-6 });
    },
  );
});

describe("product", () => {
  const slopes = (numbers: readonly number[]) => {
    const run = compile((x) => gradients(product(x), [x])[0], [[numbers.length]], { threads: 1 });
    return [...run(floatArray(numbers, [numbers.length])).data];
  };

  it("has the product of all others for a gradient, with one zero or two", () => {
    expect(slopes([2, 0, 3, 5, 7])).toEqual([0, 210, 0, 0, 0]);
    expect(slopes([2, 0, 3, 0, 7])).toEqual([0, 0, 0, 0, 0]);
    expect(slopes([2, -1, 3])).toEqual([-3, 6, -2]);
  });

  it("has gradients of gradients", () => {
    // d²/dx₀dx₁ of x₀·x₁·x₂ is x₂: the sum of all second derivatives for x₀ is x₁ + x₂.
    const second = compile((x) => gradients(sum(gradients(product(x), [x])[0]), [x])[0], [[3]], {
      threads: 1,
    });
    expect([...second(floatArray([0, 2, 5], [3])).data]).toEqual([7, 5, 2]);
  });

  it("refuses an empty axis, as other reductions do", () => {
    expect(() => product(inputTensor([2, 0], "float32"), 1)).toThrow(
      "product: reduced axes must not be empty; got [2,0]",
    );
  });
});

describe("logSumExp", () => {
  it("neither overflows nor loses what is not finite", () => {
    const x = floatArray([1000, 1000, -Infinity, -Infinity, Infinity, 0, NaN, 0, -1000, -1000], [5, 2]);
    const run = compile((a) => logSumExp(a, 1), [[5, 2]], { threads: 1 });
    const [large, none, infinite, notNumber, small] = run(x).data;
    expect(large).toBeCloseTo(1000 + Math.LN2, 3);
    expect([none, infinite, notNumber]).toEqual([-Infinity, Infinity, NaN]);
    expect(small).toBeCloseTo(-1000 + Math.LN2, 3);
  });
});

describe("random shapes on every target", () => {
  const draw = (generator: Generator) => {
    const shape = Array.from({ length: 1 + generator.integer(3) }, () => 1 + generator.integer(pick(generator, [4, 20, 60]))); // prettier-ignore
    return {
      shape,
      axis: generator.integer(shape.length),
      exclusive: generator.integer(2) === 1,
      reverse: generator.integer(2) === 1,
    };
  };
  it.each(cases("cumulativeSum", 20, draw))("cumulativeSum %s", (title, { shape, axis, ...options }) => {
    const x = testValues("normal", shape, deriveKey(1, title));
    checkTargets((tensor) => cumulativeSum(tensor, axis, options), [x], 4e-6);
  });
});

it("cumulativeSum by hand, and of nothing", () => {
  const run = compile(
    (x) => [
      cumulativeSum(x, 0),
      cumulativeSum(x, 0, { exclusive: true }),
      cumulativeSum(x, -1, { reverse: true }),
      cumulativeSum(x, 0, { exclusive: true, reverse: true }),
    ],
    [[3]],
    { threads: 1 },
  );
  const results = run(floatArray([1, 2, 4], [3])).map(({ data }) => [...data]);
  expect(results).toEqual([[1, 3, 7], [0, 1, 3], [7, 6, 4], [6, 4, 0]]); // prettier-ignore
  const empty = compile((x) => cumulativeSum(x, 1), [[2, 0]], { threads: 1 });
  expect(empty(floatArray([], [2, 0])).shape).toEqual([2, 0]);
  expect(() => cumulativeSum(inputTensor([2], "float32"), 1)).toThrow(
    "cumulativeSum: axis must be in -1 … 0",
  );
});
