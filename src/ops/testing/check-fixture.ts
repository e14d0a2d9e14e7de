/** @file Compares an operation and its gradients with golden values, on every kernel target. */
import { expect } from "vitest";
import { compile } from "../../graph/compile.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { NumericArray } from "../../tensor/array.ts";
import { dtypeOf } from "../../tensor/array.ts";
import { KERNEL_TARGETS } from "../../testing/check-operation.ts";
import type { FixtureCase } from "../../testing/fixtures.ts";
import { gradients } from "../gradients.ts";
import { multiply, sum } from "../index.ts";

/** |error| ≤ relative·|expected| + absolute, for each element by itself. */
export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** For titles: "relative 1e-6 + absolute 1e-7". */
export function describeTolerance({ relative, absolute }: Tolerance): string {
  return `relative ${relative} + absolute ${absolute}`;
}

/** Expects NaN and infinities at the same places and all other elements within the tolerance; names the worst one. */
export function expectWithin(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  { relative, absolute }: Tolerance,
  what: string,
): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length);
  let worst = -1;
  let worstExcess = 0;
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i]) || actual[i] === expected[i]) continue;
    const error = Math.abs(actual[i] - expected[i]);
    const excess = error / (relative * Math.abs(expected[i]) + absolute);
    // NaN on one side, or an infinity: no finite excess.
    const measured = Number.isFinite(excess) ? excess : Infinity;
    if (measured > Math.max(1, worstExcess)) {
      worst = i;
      worstExcess = measured;
    }
  }
  if (worst >= 0) {
    expect.fail(
      `${what}: element ${worst} is ${actual[worst]}, expected ${expected[worst]}: ${worstExcess.toPrecision(3)} times the allowed error`,
    );
  }
}

/** Runs `apply` on a case's inputs and compares its outputs and the gradients of the first with the golden ones. */
export function checkFixture(
  fixture: FixtureCase,
  apply: (inputs: readonly Tensor[]) => Tensor,
  tolerance: Tolerance,
): void {
  const { op, name, inputs, output, outputGradient, inputGradients = [] } = fixture;
  const specs = inputs.map((array) => ({ shape: array.shape, dtype: dtypeOf(array) }));
  for (const target of KERNEL_TARGETS) {
    const what = `${op} ${name} on ${target}`;
    const forward = compile((...tensors) => apply(tensors), specs, { target, threads: 1 });
    expectWithin(forward(...inputs).data, output.data, tolerance, what);
    if (!outputGradient) continue;
    const wanted = inputs.flatMap((_, i) => (inputGradients[i] ? [i] : []));
    const backward = compile(
      (...all) => {
        const tensors = all.slice(0, -1);
        const loss = sum(multiply(apply(tensors), all[all.length - 1]));
        return gradients(
          loss,
          wanted.map((i) => tensors[i]),
        );
      },
      [...specs, { shape: outputGradient.shape, dtype: "float32" as const }],
      { target, threads: 1 },
    );
    const results: readonly NumericArray[] = backward(...inputs, outputGradient);
    wanted.forEach((i, position) => {
      const expected = inputGradients[i];
      if (!expected) return;
      expectWithin(results[position].data, expected.data, tolerance, `${what}: gradient of input ${i}`);
    });
  }
}

/** A function of one float tensor, run on every kernel target on the same numbers. */
export function onEveryTarget(
  apply: (x: Tensor) => Tensor,
  x: Float32Array,
): { readonly target: string; readonly data: ArrayLike<number> }[] {
  return KERNEL_TARGETS.map((target) => {
    const run = compile(apply, [[x.length]], { target, threads: 1 });
    return { target, data: run({ shape: [x.length], data: x }).data };
  });
}

/** d Σ apply(x) / dx on every kernel target. */
export function slopeOnEveryTarget(
  apply: (x: Tensor) => Tensor,
  x: Float32Array,
): { readonly target: string; readonly data: ArrayLike<number> }[] {
  return onEveryTarget((tensor) => gradients(sum(apply(tensor)), [tensor])[0], x);
}
