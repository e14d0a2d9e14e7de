/** @file Conventions of docs/numerics.md that hold for several operations at once. */
import { expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { globalMaxPool, gradients, max, min, sum } from "../ops/index.ts";
import { floatArray } from "../tensor/array.ts";
import { KERNEL_TARGETS } from "./check-operation.ts";

it.each([...KERNEL_TARGETS, "reference" as const])(
  "equal extrema of max, min and globalMaxPool share its gradient equally on %s",
  (target) => {
    const shape = [1, 4, 1];
    const run = compile(
      (x) => [max, min, globalMaxPool].flatMap((of) => gradients(sum(of(x)), [x])),
      [shape],
      { target, threads: 1 },
    );
    // The maximum 3 stands twice, the minimum 1 twice.
    const [byMax, byMin, byPool] = run(floatArray([3, 1, 3, 1], shape)).map(({ data }) => [...data]);
    expect(byMax).toEqual([0.5, 0, 0.5, 0]);
    expect(byMin).toEqual([0, 0.5, 0, 0.5]);
    expect(byPool).toEqual([0.5, 0, 0.5, 0]);
  },
);
