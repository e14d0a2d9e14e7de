import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Generator } from "../random/generator.ts";
import { floatArray, intArray } from "../tensor/array.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { testValues } from "../testing/values.ts";
import { gather, takeAlongAxis } from "./gather.ts";
import { gradients } from "./gradients.ts";
import { multiply } from "./arithmetic.ts";
import { sum } from "./sum.ts";
import { checkFixture, describeTolerance } from "./testing/check-fixture.ts";

const TOLERANCE = { relative: 1e-6, absolute: 1e-6 };

const paramsSchema = z.strictObject({ axis: z.int() });

describe.each([
  ["gather", gather],
  ["takeAlongAxis", takeAlongAxis],
] as const)(`%s equals PyTorch's within ${describeTolerance(TOLERANCE)}, value and gradient`, (op, apply) => {
  it.each(fixtureCases("tensor", op).map((one) => [one.name, one] as const))("%s", (_, one) => {
    const { axis } = paramsSchema.parse(one.params);
    checkFixture(one, ([x, indices]) => apply(x, indices, axis), TOLERANCE);
  });
});

const int = (...shape: number[]) => ({ shape, dtype: "int32" as const });

describe.each(KERNEL_TARGETS)("on %s", (target) => {
  const options = { target, threads: 1 };

  it("picks NaN outside the axis, -1 among whole numbers, and lets no gradient through", () => {
    const run = compile(
      (x, indices) => {
        const picked = gather(x, indices);
        return [picked, gradients(sum(picked), [x])[0]];
      },
      [[3, 2], int(4)],
      options,
    );
    const [picked, gradient] = run(floatArray([1, 2, 3, 4, 5, 6], [3, 2]), intArray([2, -1, 3, 0], [4]));
    expect([...picked.data]).toEqual([5, 6, NaN, NaN, NaN, NaN, 1, 2]);
    expect([...gradient.data]).toEqual([1, 1, 0, 0, 1, 1]);
    const whole = compile((x, indices) => takeAlongAxis(x, indices), [int(2, 2), int(2, 3)], options);
    const result = whole(intArray([7, 8, 9, 10], [2, 2]), intArray([1, 0, 2, -5, 0, 1], [2, 3]));
    expect([...result.data]).toEqual([8, 7, -1, -1, 9, 10]);
  });

  it("gives gradients of gradients", () => {
    // Σ x[i]² has the gradient 2·x[i] where i is picked; its sum has the gradient 2 for each pick.
    const run = compile(
      (x, indices) => {
        const picked = gather(x, indices);
        const [slope] = gradients(sum(multiply(picked, picked)), [x]);
        return [slope, gradients(sum(multiply(slope, slope)), [x])[0]];
      },
      [[4], int(3)],
      options,
    );
    const [slope, second] = run(floatArray([1, 2, 3, 4], [4]), intArray([3, 1, 3], [3]));
    expect([...slope.data]).toEqual([0, 4, 0, 16]);
    // (2x)² and (4x)²: 8x, 32x.
    expect([...second.data]).toEqual([0, 16, 0, 128]);
  });
});

it("takes a list of indices, negative ones from the end", () => {
  const run = compile((x) => [gather(x, [-1, 0, 1], 1), gather(x, [], 1)], [[2, 3]], { threads: 1 });
  const [picked, none] = run(floatArray([1, 2, 3, 4, 5, 6], [2, 3]));
  expect([...picked.data]).toEqual([3, 1, 2, 6, 4, 5]);
  expect(none.shape).toEqual([2, 0]);
});

it("adds up equal indices with the same bits for any number of threads", () => {
  const generator = new Generator(5);
  const indices = intArray(Int32Array.from({ length: 5000 }, () => generator.integer(7)), [5000]); // prettier-ignore
  const gradientOf = (threads: number) => {
    const slope = (x: Tensor, at: Tensor, weights: Tensor) =>
      gradients(sum(multiply(gather(x, at), weights)), [x])[0];
    const run = compile(slope, [[7, 33], int(5000), [5000, 33]], { threads });
    return run(testValues("normal", [7, 33], 1), indices, testValues("normal", [5000, 33], 2)).data;
  };
  const expected = gradientOf(1);
  for (const threads of [2, 3]) expect(gradientOf(threads)).toEqual(expected);
});

describe("picking refuses", () => {
  const x = inputTensor([2, 3], "float32");
  it.each([
    [() => gather(x, [3], 1), "gather: indices must be whole numbers in -3 … 2 for axis 1 of [2,3]; got 3"],
    [() => gather(x, [0.5]), "got 0.5"],
    [
      () => gather(x, inputTensor([2], "float32")),
      "gather: indices must be int32; got float32; convert them with toInt",
    ],
    [() => gather(x, [0], 2), "gather: axis must be in -2 … 1; got 2"],
    [
      () => gather(inputTensor([0, 3], "float32"), inputTensor([2], "int32")),
      "nothing can be picked from an empty axis",
    ],
    [() => takeAlongAxis(x, inputTensor([3, 3], "int32"), 1), "but for axis 1; got [3,3] for [2,3]"],
    [() => takeAlongAxis(x, inputTensor([2], "int32"), 1), "got [2] for [2,3]"],
  ])("%s", (act, message) => {
    expect(act).toThrow(message);
  });
});
