import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import type { Generator } from "../random/generator.ts";
import { deriveKey } from "../random/generator.ts";
import { floatArray } from "../tensor/array.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { testValues } from "../testing/values.ts";
import { INTERPOLATIONS, resize, type ResizeOptions } from "./resize.ts";
import { checkFixture, describeTolerance } from "./testing/check-fixture.ts";
import { cases, checkTargets, pick } from "./testing/random-shapes.ts";

const TOLERANCE = { relative: 2e-6, absolute: 1e-6 };

const paramsSchema = z.strictObject({
  size: z.array(z.int()),
  interpolation: z.enum(INTERPOLATIONS),
  antialias: z.boolean(),
});

describe(`resize equals PyTorch's within ${describeTolerance(TOLERANCE)}, value and gradient`, () => {
  it.each(fixtureCases("tensor", "resize").map((one) => [one.name, one] as const))("%s", (_, one) => {
    const { size, ...options } = paramsSchema.parse(one.params);
    checkFixture(one, ([x]) => resize(x, size, options), TOLERANCE);
  });
});

function resized(values: readonly number[], size: number, options: ResizeOptions): number[] {
  const run = compile((x) => resize(x, size, options), [[1, values.length, 1]], { threads: 1 });
  return [...run(floatArray(values, [1, values.length, 1])).data];
}

describe("resize by hand", () => {
  it("takes the element under each centre with nearest", () => {
    // (j + 1/2)·5/3: 0.83, 2.5, 4.17
    expect(resized([1, 2, 3, 4, 5], 3, { interpolation: "nearest" })).toEqual([1, 3, 5]);
    // Every third, the middle one: (j + 1/2)·3 = 1.5, 4.5.
    expect(resized([1, 2, 3, 4, 5, 6], 2, { interpolation: "nearest" })).toEqual([2, 5]);
    // (j + 1/2)·2/5: 0.2, 0.6, 1, 1.4, 1.8: the border at exactly 1 belongs to the second.
    expect(resized([7, 9], 5, { interpolation: "nearest" })).toEqual([7, 7, 9, 9, 9]);
  });

  it("interpolates between centres, and repeats the ends", () => {
    // Centres (j + 1/2)/2 - 1/2: -0.25, 0.25, 0.75, 1.25.
    expect(resized([4, 8], 4, {})).toEqual([4, 5, 7, 8]);
  });

  it("reads two neighbours when it makes smaller, and all that is covered with antialias", () => {
    // Centres 1.5 and 5.5: means of two.
    const comb = [0, 0, 8, 0, 0, 8, 0, 0];
    expect(resized(comb, 2, {})).toEqual([4, 4]);
    // A triangle of half width 4 about 1.5: weights 5, 7, 7, 5, 3, 1 of 28 for elements 0 to 5; of the mirror image likewise.
    const expected = (7 * 8 + 1 * 8) / 28;
    for (const value of resized(comb, 2, { antialias: true })) expect(value).toBeCloseTo(expected, 6);
  });

  it("leaves an axis that keeps its length as it is", () => {
    const run = compile((x) => resize(x, [3, 1], {}), [[1, 3, 1, 2]], { threads: 1 });
    const x = floatArray([1, -2, 3, 4, 5, 6], [1, 3, 1, 2]);
    expect([...run(x).data]).toEqual([...x.data]);
  });

  it("takes no examples for what they are", () => {
    const run = compile((x) => resize(x, [4, 6]), [[0, 3, 2, 5]], { threads: 1 });
    expect(run(floatArray([], [0, 3, 2, 5])).shape).toEqual([0, 4, 6, 5]);
  });
});

describe("random sizes on every target", () => {
  const draw = (generator: Generator) => ({
    batch: 1 + generator.integer(3),
    from: Array.from({ length: 1 + generator.integer(2) }, () => 1 + generator.integer(14)),
    to: [1 + generator.integer(14), 1 + generator.integer(14)],
    channels: pick(generator, [1, 1, 3, 4, 17, 70]),
    options: pick(generator, [
      { interpolation: "nearest" },
      { interpolation: "bilinear" },
      { interpolation: "bilinear", antialias: true },
    ] as const),
  });
  it.each(cases("resize", 30, draw))("resize %s", (title, { batch, from, to, channels, options }) => {
    const x = testValues("normal", [batch, ...from, channels], deriveKey(1, title));
    const size = to.slice(0, from.length);
    checkTargets((tensor) => resize(tensor, size, options), [x], 2e-6);
  });
});

describe("resize refuses", () => {
  const x = inputTensor([2, 8, 6, 3], "float32");
  it.each([
    [() => resize(x, [4]), "size must be a positive integer or 2 of them; got [4]"],
    [() => resize(x, 0), "size must be a positive integer or 2 of them; got 0"],
    [() => resize(x, 4, { interpolation: "nearest", antialias: true }), "antialias is for"],
    [() => resize(inputTensor([8, 3], "float32"), 4), "must be [N, T, C] or [N, H, W, C]"],
    [() => resize(inputTensor([1, 0, 3], "float32"), 4), "no empty axis to resize; got [1,0,3]"],
    [
      () => resize(x, 4, JSON.parse('{ "interpolation": "cubic" }')),
      'interpolation must be one of nearest, bilinear; got "cubic"',
    ],
  ])("%s", (act, message) => {
    expect(act).toThrow(message);
  });
});
