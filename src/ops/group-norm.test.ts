import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { testValues } from "../testing/values.ts";
import { groupNorm, layerNorm } from "./index.ts";
import { checkFixture, describeTolerance } from "./testing/check-fixture.ts";

/** Gradients are differences of sums of numbers near 1: hence the absolute part. */
const TOLERANCE = { relative: 2e-6, absolute: 2e-6 };

describe("groupNorm", () => {
  it.each(fixtureCases("normalization", "groupNorm").map((one) => [one.name, one] as const))(
    `equals PyTorch in value and gradients within ${describeTolerance(TOLERANCE)}: %s`,
    (_, one) => {
      const [groups, axis, epsilon] = [one.params.groups, one.params.axis, one.params.epsilon].map(Number);
      checkFixture(
        one,
        ([x, gamma, beta]) => groupNorm(x, { groups, gamma, beta, axis, epsilon }),
        TOLERANCE,
      );
    },
  );

  it("of one group without gamma and beta is layerNorm over all axes but the batch, bit for bit", () => {
    const shape = [3, 4, 5, 6];
    const run = compile((x) => [groupNorm(x, { groups: 1 }), layerNorm(x, { axis: [1, 2, 3] })], [shape], {
      threads: 1,
    });
    const [group, layer] = run(testValues("normal", shape, 1));
    expect(group.data).toEqual(layer.data);
  });

  it("refuses groups that do not divide the channels, vectors of another length, and the batch as axis", () => {
    const x = inputTensor([2, 3, 6], "float32");
    expect(() => groupNorm(x, { groups: 4 })).toThrow(/groups must divide the 6 channels of axis 2; got 4/);
    expect(() => groupNorm(x, { groups: -1 })).toThrow(/groups must divide .*; got -1/);
    const beta = inputTensor([3], "float32");
    expect(() => groupNorm(x, { groups: 3, beta })).toThrow(/groupNorm: beta must be \[6\].*got \[3\]/);
    expect(() => groupNorm(x, { groups: 1, axis: 0 })).toThrow(/axis must not be 0, the batch/);
  });
});
