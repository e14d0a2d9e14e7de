import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compile, type CompileOptions } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { deriveKey, type Generator } from "../random/generator.ts";
import { floatArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { testValues } from "../testing/values.ts";
import { relu } from "./activation.ts";
import { add } from "./arithmetic.ts";
import { tanh } from "./exponential.ts";
import { gradients } from "./gradients.ts";
import { matmul } from "./matmul.ts";
import { sum } from "./sum.ts";
import { checkFixture, describeTolerance } from "./testing/check-fixture.ts";
import { cases, checkTargets, pick } from "./testing/random-shapes.ts";

const TOLERANCE = { relative: 2e-6, absolute: 2e-6 };

const paramsSchema = z.strictObject({ transposeA: z.boolean(), transposeB: z.boolean() });

describe(`matmul equals PyTorch's within ${describeTolerance(TOLERANCE)}, value and gradients`, () => {
  it.each(fixtureCases("tensor", "matmul").map((one) => [one.name, one] as const))("%s", (_, one) => {
    const options = paramsSchema.parse(one.params);
    checkFixture(one, ([a, b]) => matmul(a, b, options), TOLERANCE);
  });
});

describe("random batches on every target", () => {
  const draw = (generator: Generator) => {
    const batch = Array.from({ length: generator.integer(3) }, () => 1 + generator.integer(4));
    /** A shape that broadcasts to the batch: some axes of length 1, leading ones left out. */
    const part = (): Shape =>
      batch.map((length) => (generator.integer(3) === 0 ? 1 : length)).slice(pick(generator, [0, 0, 1]));
    return {
      batches: [part(), part()],
      rows: 1 + generator.integer(pick(generator, [4, 30])),
      inner: 1 + generator.integer(pick(generator, [4, 40])),
      columns: 1 + generator.integer(pick(generator, [4, 20, 70])),
      transposeA: generator.integer(2) === 1,
      transposeB: generator.integer(2) === 1,
    };
  };
  it.each(cases("matmul", 30, draw))("matmul %s", (title, one) => {
    const { batches, rows, inner, columns, transposeA, transposeB } = one;
    const shapes = [
      [...batches[0], ...(transposeA ? [inner, rows] : [rows, inner])],
      [...batches[1], ...(transposeB ? [columns, inner] : [inner, columns])],
    ];
    const arrays = shapes.map((shape, i) => testValues("normal", shape, deriveKey(i, title)));
    checkTargets((a, b) => matmul(a, b, { transposeA, transposeB }), arrays, 3e-6);
  });
});

describe("matmul by hand", () => {
  it.each(KERNEL_TARGETS)("multiplies each pair by itself, with gradients of gradients, on %s", (target) => {
    // d/da of Σ (a·b)·(a·b) for scalars in pairs is 2·a·b², and d/db of that is 4·a·b.
    const run = compile(
      (a, b) => {
        const y = matmul(a, b);
        const [slope] = gradients(sum(matmul(y, y)), [a]);
        return [slope, gradients(sum(slope), [b])[0]];
      },
      [
        [2, 1, 1],
        [2, 1, 1],
      ],
      { target, threads: 1 },
    );
    const [slope, second] = run(floatArray([1, 2], [2, 1, 1]), floatArray([3, 5], [2, 1, 1]));
    expect([...slope.data]).toEqual([18, 100]);
    expect([...second.data]).toEqual([12, 40]);
  });

  it.each(KERNEL_TARGETS)("sums no products to 0, and gives no matrices for none, on %s", (target) => {
    const shapeOf = (a: Shape, b: Shape) => {
      const run = compile((x: Tensor, y: Tensor) => matmul(x, y), [a, b], { target, threads: 1 });
      const filled = (shape: Shape) => floatArray(new Float32Array(sizeOf(shape)).fill(1), shape);
      const { shape, data } = run(filled(a), filled(b));
      return [shape, [...data]];
    };
    expect(shapeOf([2, 1, 0], [2, 0, 1])).toEqual([[2, 1, 1], [0, 0]]); // prettier-ignore
    expect(shapeOf([0, 2, 3], [3, 4])).toEqual([[0, 2, 4], []]);
    expect(shapeOf([0, 2, 3], [0, 3, 4])).toEqual([[0, 2, 4], []]);
  });
});

describe("matmul refuses", () => {
  const of = (...shape: number[]) => inputTensor(shape, "float32");
  it.each([
    [
      () => matmul(of(2, 3), of(4, 5)),
      "matmul: inner lengths must be equal; got [2,3] and [4,5], 3 is not 4",
    ],
    [() => matmul(of(2, 2, 3), of(2, 4, 5)), "got [2,2,3] and [2,4,5], 3 is not 4"],
    [() => matmul(of(2, 2, 3), of(4, 5)), "3 is not 4"],
    [() => matmul(of(2, 2, 3), of(3, 3, 5)), "matmul: shapes must be equal or 1 on each axis"],
    [() => matmul(of(), of(4, 5)), "matmul: operands must have an axis each"],
    [
      () => matmul(of(4), of(4, 5), { transposeA: true }),
      "and two where they are transposed; got [4] and [4,5]",
    ],
    [() => matmul(of(4, 4), of(4, 5), JSON.parse('{ "transpose_b": true }')), 'did you mean "transposeB"'],
  ])("%s", (act, message) => {
    expect(act).toThrow(message);
  });
});

describe("products of few rows", () => {
  /** Some matrices are several chunks and shares long, some several panels wide, and some have rests of all. */
  const sizes: readonly (readonly [rows: number, inner: number, columns: number])[] = [
    [1, 700, 33],
    [3, 4500, 19],
    [13, 300, 1100],
    [100, 330, 200],
    [4, 9, 2100],
    [20, 2050, 4],
    [40, 1030, 70],
    [2, 20, 5],
  ];
  const layer =
    (transposeB: boolean, activate: (x: Tensor) => Tensor) =>
    (x: Tensor, weights: Tensor, bias: Tensor): Tensor =>
      activate(add(matmul(x, weights, { transposeB }), bias));

  it.each(sizes)(
    "%i × %i × %i agree with the direct algorithm, and have the same bits with any number of threads",
    (rows, inner, columns) => {
      for (const transposeB of [false, true])
        for (const activate of [relu, tanh])
          for (const target of KERNEL_TARGETS) {
            const shapes = [[rows, inner], transposeB ? [columns, inner] : [inner, columns], [columns]];
            const arrays = shapes.map((shape, i) => testValues("normal", shape, i));
            const run = (options: CompileOptions) => {
              const program = compile(layer(transposeB, activate), shapes, { target, ...options });
              return {
                kinds: program.report.calls.map(({ key }) => key.split(" ")[0]),
                result: program(...arrays),
              };
            };
            const expected = run({ threads: 1, algorithms: "direct" });
            expect(expected.kinds, target).not.toContain("fewRows");
            const first = run({ threads: 1 });
            expect(first.kinds[0], target).toBe("fewRows");
            expectClose(first.result.data, expected.result.data, 2e-6 * Math.sqrt(inner), target);
            for (const threads of [2, 3]) {
              expect(run({ threads }).result.data, `${target}, ${threads} threads`).toEqual(
                first.result.data,
              );
            }
          }
    },
  );
});
