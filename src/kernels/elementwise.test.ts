import { describe, expect, it } from "vitest";
import { traitsOf } from "../runtime/target.ts";
import { CHECKED_TARGETS } from "../testing/check-operation.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import { sizeOf, stridesOf } from "../tensor/shape.ts";
import { elementwiseKernel } from "./elementwise.ts";
import type { Expression } from "./expression.ts";
import type { StridedOperand } from "./strided.ts";
import { runKernel } from "./testing/run-kernel.ts";
import { bufferWords, operand, positions, randomOperand } from "./testing/strided-operand.ts";
import type { ElementwiseRequest } from "./requests.ts";

const ADD = (a: Expression, b: Expression): Expression => ({
  kind: "apply",
  function: { name: "add", cost: 1, emit: (k, [x, y]) => k.binary("add", x, y) },
  parameters: [],
  arguments: [a, b],
});
const at = (index: number): Expression => ({ kind: "operand", index });
const TO_FLOAT = (a: Expression): Expression => ({
  kind: "apply",
  function: { name: "toFloat", cost: 1, emit: (k, [x]) => k.unary("toFloat", x) },
  parameters: [],
  arguments: [a],
});

/** Runs "sum of all operands, index operands converted" and its copy by 1 more, and compares with plain loops. */
function check(
  shape: readonly number[],
  operands: readonly StridedOperand[],
  place: StridedOperand,
  seed: number,
): void {
  const g = new Generator(deriveKey("elementwise", seed));
  const values = operands.map((one, i) => (one.source === "index" ? TO_FLOAT(at(i)) : at(i)));
  const total = values.reduce(ADD);
  const request: ElementwiseRequest = {
    shape,
    operands,
    outputs: [
      { expression: total, place },
      { expression: ADD(total, { kind: "constant", value: 1 }), place },
    ],
  };
  const memory = operands.filter(({ source }) => source === "memory");
  // Whole numbers: sums are exact in any order.
  const inputs = memory.map((one) =>
    Float32Array.from({ length: bufferWords(shape, one) }, () => g.integer(2001) - 1000),
  );
  const words = bufferWords(shape, place);
  const expected = new Float32Array(words).fill(NaN);
  const paths = operands.map((one) => positions(shape, one));
  positions(shape, place).forEach((target, point) => {
    expected[target] = operands.reduce((sum, one, i) => {
      const position = paths[i][point];
      return sum + (one.source === "index" ? position : inputs[memory.indexOf(one)][position]);
    }, 0);
  });
  for (const target of CHECKED_TARGETS) {
    const machine = traitsOf(target);
    const kernel = elementwiseKernel(request, machine);
    for (let round = 0; round < 3; round++) {
      const { outputs } = runKernel(kernel, target, inputs, [words, words], g);
      expect(outputs[0]).toEqual(expected);
      expect(outputs[1]).toEqual(expected.map((value) => value + 1));
    }
  }
}

describe("elementwise kernels", () => {
  const contiguous = (shape: readonly number[]) => operand(stridesOf(shape));

  it.each([1, 2, 3, 4, 5, 31, 2047, 2048, 2049, 2051, 4096, 6151])("walk one axis of %i", (length) => {
    check([length], [contiguous([length]), operand([0]), operand([2], 3)], operand([1], 5), length);
  });

  it.each([[[3, 4]], [[40, 3]], [[2, 3, 37]], [[5, 1, 41]], [[2, 2, 2, 2, 3]], [[]], [[1, 1]]])(
    "walk %j straight and transposed, repeated, backwards, and as an index",
    (shape) => {
      const strides = stridesOf(shape);
      const reversed = stridesOf([...shape].reverse()).reverse();
      const repeated = strides.map((stride, axis) => (axis % 2 === 0 ? 0 : stride));
      const backwards = operand(
        strides.map((stride) => -stride),
        sizeOf(shape) - 1,
      );
      check(
        shape,
        [contiguous(shape), operand(reversed), operand(repeated), backwards],
        contiguous(shape),
        1,
      );
      const index: StridedOperand = { source: "index", strides: reversed, offset: 7 };
      check(shape, [contiguous(shape), index, { ...index, strides: repeated }], contiguous(shape), 2);
    },
  );

  it("write with gaps, as concatenation and padding do", () => {
    check([3, 4], [operand([4, 1])], operand([9, 1], 2), 3);
    check([6, 1], [operand([1, 1])], operand([5, 1], 1), 4);
    check([70], [operand([1])], operand([3], 1), 5);
    check([4, 5], [operand([5, 1])], operand([40, 2], 1), 6);
  });

  it("do nothing for empty spaces", () => {
    check([0], [operand([1])], operand([1]), 7);
    check([3, 0, 2], [operand([0, 2, 1])], operand([0, 2, 1]), 8);
  });

  for (let seed = 0; seed < 60; seed++) {
    it(`walk random strides, seed ${seed}`, () => {
      const g = new Generator(deriveKey("strides", seed));
      const shape = Array.from(
        { length: 1 + g.integer(4) },
        () => 1 + g.integer(g.integer(4) === 0 ? 40 : 6),
      );
      const operands = Array.from({ length: 1 + g.integer(3) }, () => randomOperand(g, shape));
      check(shape, operands, operand(stridesOf(shape), g.integer(4)), seed);
    });
  }
});
