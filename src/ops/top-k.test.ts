/** @file argMax, argMin and topK: places in order, ties, NaN. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { deriveKey, type Generator } from "../random/generator.ts";
import { floatArray } from "../tensor/array.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { testValues } from "../testing/values.ts";
import { toFloat } from "./cast.ts";
import { argMax, argMin } from "./extreme-index.ts";
import { checkFixture } from "./testing/check-fixture.ts";
import { cases, checkTargets, pick } from "./testing/random-shapes.ts";
import { topK } from "./top-k.ts";

const paramsSchema = z.strictObject({ k: z.int(), axis: z.int() });

describe("topK equals PyTorch's exactly: values, places and gradient", () => {
  const exactly = { relative: 0, absolute: 0 };
  it.each(fixtureCases("tensor", "topK").map((one) => [one.name, one] as const))("%s", (_, one) => {
    const { k, axis } = paramsSchema.parse(one.params);
    checkFixture(one, ([x]) => topK(x, k, axis).values, exactly);
    const run = compile((x) => topK(x, k, axis).indices, [one.inputs[0].shape], { threads: 1 });
    expect(run(one.inputs[0])).toEqual(one.auxiliaryOutputs?.indices);
  });
});

describe.each(KERNEL_TARGETS)("on %s", (target) => {
  const numbers = [3, -0, NaN, 0, Infinity, 3, -Infinity, -2, NaN];
  const x = floatArray([...numbers, ...numbers.map((value) => (Number.isNaN(value) ? 3 : value))], [2, 9]);

  it("topK puts NaN first and equal numbers, also 0 and -0, in their order", () => {
    const run = compile(
      (tensor) => {
        const { values, indices } = topK(tensor, 9);
        return [values, indices];
      },
      [[2, 9]],
      { target, threads: 1 },
    );
    const [values, indices] = run(x);
    expect(indices.data).toBeInstanceOf(Int32Array);
    expect([...indices.data]).toEqual([2, 8, 4, 0, 5, 1, 3, 7, 6, 4, 0, 2, 5, 8, 1, 3, 7, 6]);
    expect([...values.data.slice(0, 9)]).toEqual([NaN, NaN, Infinity, 3, 3, -0, 0, -2, -Infinity]);
  });

  it("argMax and argMin give the first of equals, and the first NaN", () => {
    const run = compile((tensor) => [argMax(tensor), argMin(tensor), argMax(tensor, 0)], [[2, 9]], {
      target,
      threads: 1,
    });
    const [largest, smallest, byColumn] = run(x);
    expect(largest.data).toEqual(Int32Array.of(2, 4));
    expect(smallest.data).toEqual(Int32Array.of(2, 6));
    expect(byColumn.data).toEqual(Int32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0));
  });
});

describe("random shapes with many ties on every target", () => {
  const draw = (generator: Generator) => {
    const shape = Array.from({ length: 1 + generator.integer(3) }, () => 1 + generator.integer(pick(generator, [4, 30]))); // prettier-ignore
    const axis = generator.integer(shape.length);
    return { shape, axis, k: 1 + generator.integer(shape[axis]) };
  };
  it.each(cases("topK", 15, draw))("topK %s", (title, { shape, axis, k }) => {
    const x = testValues("labels", shape, deriveKey(1, title));
    checkTargets((tensor) => toFloat(topK(tensor, k, axis).indices), [x], 0, 0);
    checkTargets((tensor) => toFloat(argMax(tensor, axis)), [x], 0, 0);
    checkTargets((tensor) => topK(tensor, k, axis).values, [x], 0);
  });
});

describe("topK refuses", () => {
  const x = inputTensor([2, 3], "float32");
  it.each([
    [() => topK(x, 4), "topK: k must be a whole number in 1 … 3, the length of axis 1 of [2,3]; got 4"],
    [() => topK(x, 0, 0), "in 1 … 2, the length of axis 0 of [2,3]; got 0"],
    [() => argMax(inputTensor([2, 0], "float32")), "max: reduced axes must not be empty"],
  ])("%s", (act, message) => {
    expect(act).toThrow(message);
  });
});
