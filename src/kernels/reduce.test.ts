import { describe, expect, it } from "vitest";
import { traitsOf } from "../runtime/target.ts";
import { CHECKED_TARGETS } from "../testing/check-operation.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import { sizeOf, stridesOf } from "../tensor/shape.ts";
import type { Expression } from "./expression.ts";
import { reduceKernel } from "./reduce.ts";
import { reductionStages } from "./reduce-stages.ts";
import type { StridedOperand } from "./strided.ts";
import { runKernel } from "./testing/run-kernel.ts";
import { bufferWords, operand, positions, randomOperand } from "./testing/strided-operand.ts";
import type { ReduceRequest } from "./requests.ts";

type Combine = ReduceRequest["combine"];

const SUM: Expression = {
  kind: "apply",
  function: { name: "add", cost: 1, emit: (k, [x, y]) => k.binary("add", x, y) },
  parameters: [],
  arguments: [
    { kind: "operand", index: 0 },
    { kind: "operand", index: 1 },
  ],
};

const FIRST_OPERAND: Expression = { kind: "operand", index: 0 };

const SCALAR: Record<Combine, (a: number, b: number) => number> = {
  sum: (a, b) => a + b,
  max: Math.max,
  min: Math.min,
};

/** The reduction of the sum of the first `terms` operands. */
function definition(request: ReduceRequest, inputs: readonly Float32Array[], terms: number): Float32Array {
  const { shape, axes, combine, operands } = request;
  const kept = shape.filter((_, axis) => !axes.includes(axis));
  const keptStrides = stridesOf(kept);
  const strides = shape.map((_, axis) =>
    axes.includes(axis) ? 0 : keptStrides[axis - axes.filter((reduced) => reduced < axis).length],
  );
  const result = new Float32Array(sizeOf(kept)).fill({ sum: 0, max: -Infinity, min: Infinity }[combine]);
  const paths = operands.map((one) => positions(shape, one));
  positions(shape, operand(strides)).forEach((target, point) => {
    const value = inputs.slice(0, terms).reduce((sum, input, i) => sum + input[paths[i][point]], 0);
    result[target] = SCALAR[combine](result[target], value);
  });
  return result;
}

/**
 * Checks the request, and the same with the first operand's reduction as a second result. Whole numbers, so that sums
 * are exact in any order; `spoil` puts something else into some places.
 */
function check(
  request: ReduceRequest,
  seed: number,
  spoil: (input: Float32Array) => void = () => {},
): readonly ReduceRequest[] {
  const g = new Generator(deriveKey("reduce", seed));
  const inputs = request.operands.map((one) =>
    Float32Array.from({ length: bufferWords(request.shape, one) }, () => g.integer(201) - 100),
  );
  inputs.forEach(spoil);
  const expected = [definition(request, inputs, inputs.length), definition(request, inputs, 1)];
  const both = { ...request, expressions: [...request.expressions, FIRST_OPERAND] };
  for (const asked of [request, both]) {
    const results = asked.expressions.length;
    for (const target of CHECKED_TARGETS) {
      const machine = traitsOf(target);
      let current: readonly Float32Array[] = inputs;
      for (const stage of reductionStages(asked)) {
        const words = sizeOf(stage.shape.filter((_, axis) => !stage.axes.includes(axis)));
        const outputs = new Array<number>(results).fill(words);
        current = runKernel(reduceKernel(stage, machine), target, current, outputs, g).outputs;
      }
      expect(current).toEqual(expected.slice(0, results));
    }
  }
  return reductionStages(request);
}

function request(
  shape: readonly number[],
  axes: readonly number[],
  combine: Combine = "sum",
  operands: readonly StridedOperand[] = [operand(stridesOf(shape))],
): ReduceRequest {
  const expression: Expression = operands.length === 2 ? SUM : { kind: "operand", index: 0 };
  return { shape, axes, combine, operands, expressions: [expression] };
}

describe("reductions", () => {
  const cases: [number[], number[]][] = [
    [[1], [0]],
    [[3], [0]],
    [[4], [0]],
    [[4099], [0]], // a prime: no stages
    [[5, 37], [0]],
    [[5, 37], [1]],
    [[3, 16], [0]],
    [[4, 3, 35], [1]],
    [
      [4, 3, 35],
      [0, 2],
    ],
    [
      [4, 3, 35],
      [0, 1],
    ],
    [
      [2, 3, 4, 5],
      [1, 3],
    ],
    [
      [2, 3, 4, 5],
      [0, 1, 2, 3],
    ],
    [[1, 7, 1], [1]],
    [[6, 1], [1]],
  ];
  for (const combine of ["sum", "max", "min"] as const) {
    it.each(cases)(`${combine} of %j over %j`, (shape, axes) => {
      check(request(shape, axes, combine), 1);
    });
  }

  it.each([1, 2, 3, 5, 6, 7, 10, 12, 20])(
    "of rows of %i columns, which fill vectors only together",
    (columns) => {
      for (const combine of ["sum", "max", "min"] as const) {
        check(request([3, 64, columns], [1], combine), 9);
        check(request([48, columns], [0], combine, [operand([columns, 1]), operand([0, 0])]), 10);
        check(request([16, columns], [0], combine, [operand([2 * columns, 2]), operand([0, 1])]), 11);
      }
    },
  );

  it("of what is read transposed, repeated and backwards", () => {
    check(request([6, 7], [1], "sum", [operand([1, 6]), operand([0, 1])]), 2);
    check(request([6, 7], [0], "sum", [operand([1, 6]), operand([-7, 1], 35)]), 3);
    check(request([6, 7], [0, 1], "max", [operand([0, 0]), operand([14, 2])]), 4);
  });

  it.each([
    [[8192], [0]],
    [
      [64, 200],
      [0, 1],
    ],
    [[5000, 3], [0]],
    [[3, 5000], [1]],
    [
      [2, 90, 4, 70],
      [1, 3],
    ],
    [
      [2, 90, 4, 70],
      [0, 1, 3],
    ],
    [
      [4099, 4],
      [0, 1],
    ],
    [[300000], [0]],
  ])("of many elements are done in stages: %j over %j", (shape, axes) => {
    const stages = check(request(shape, axes), 5);
    expect(stages.length).toBeGreaterThan(1);
    check(request(shape, axes, "max"), 6);
  });

  it.each(["max", "min"] as const)("%s is NaN where an element is, wherever it stands", (combine) => {
    for (const [shape, axes] of [
      [[9], [0]],
      [[2, 19], [1]],
      [[19, 2], [0]],
      [[5, 8], [0]],
      [[16, 3], [0]],
    ]) {
      for (let place = 0; place < sizeOf(shape); place++) {
        check(request(shape, axes, combine), 7, (input) => {
          input[place] = NaN;
        });
      }
    }
  });

  it("of infinities alone are infinities", () => {
    for (const value of [Infinity, -Infinity]) {
      for (const combine of ["max", "min"] as const)
        check(request([2, 6], [1], combine), 8, (input) => input.fill(value));
    }
  });

  for (let seed = 0; seed < 60; seed++) {
    it(`of random spaces, seed ${seed}`, () => {
      const g = new Generator(deriveKey("reduce spaces", seed));
      const shape = Array.from(
        { length: 1 + g.integer(4) },
        () => 1 + g.integer(g.integer(3) === 0 ? 40 : 6),
      );
      const chosen = shape.map((_, axis) => axis).filter(() => g.integer(2) === 0);
      const axes = chosen.length > 0 ? chosen : [g.integer(shape.length)];
      const operands = Array.from({ length: 1 + g.integer(2) }, (): StridedOperand => ({
        ...randomOperand(g, shape),
        source: "memory",
      }));
      check(request(shape, axes, (["sum", "max", "min"] as const)[g.integer(3)], operands), seed);
    });
  }
});
