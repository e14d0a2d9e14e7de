import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { testValues } from "../testing/values.ts";
import { logSoftmax, softmax } from "./index.ts";
import { checkFixture, describeTolerance, expectWithin } from "./testing/check-fixture.ts";

/** The absolute part is for gradients, which are differences. */
const TOLERANCE = { relative: 2e-6, absolute: 3e-7 };

describe.each([
  { op: "softmax", apply: softmax },
  { op: "logSoftmax", apply: logSoftmax },
])("$op", ({ op, apply }) => {
  it.each(fixtureCases("activation", op).map((one) => [one.name, one] as const))(
    `equals PyTorch in value and gradient within ${describeTolerance(TOLERANCE)}: %s`,
    (_, one) => {
      checkFixture(
        one,
        ([x]) => apply(x, z.union([z.int(), z.array(z.int())]).parse(one.params.axis)),
        TOLERANCE,
      );
    },
  );

  it("refuses an axis out of range", () => {
    expect(() => apply(inputTensor([2, 3], "float32"), 2)).toThrow(
      new RegExp(`${op}: axis must be in -2 … 1`),
    );
  });
});

describe("softmax and logSoftmax over the first and a middle axis", () => {
  it.each([0, 1])("axis %d equals the formula in double precision within relative 2e-6", (axis) => {
    const shape = [37, 11, 9];
    const x = testValues("normal", shape, 3);
    const strides = [99, 9, 1];
    const logarithm = Float64Array.from(x.data, (_, i) => {
      const first = i - (Math.floor(i / strides[axis]) % shape[axis]) * strides[axis];
      let total = 0;
      for (let j = 0; j < shape[axis]; j++) total += Math.exp(x.data[first + j * strides[axis]]);
      return x.data[i] - Math.log(total);
    });
    for (const target of KERNEL_TARGETS) {
      const run = compile((t) => [softmax(t, axis), logSoftmax(t, axis)], [shape], { target, threads: 1 });
      const [probabilities, logarithms] = run(x);
      const tolerance = { relative: 2e-6, absolute: 0 };
      expectWithin(probabilities.data, logarithm.map(Math.exp), tolerance, target);
      expectWithin(logarithms.data, logarithm, tolerance, target);
    }
  });
});
