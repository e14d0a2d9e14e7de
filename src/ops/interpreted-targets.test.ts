/**
 * @file Every operation on native targets that this machine has not: their kernels interpreted, against the reference loops,
 * and emitted. What interprets them is compared with the machine code of targets that run here.
 */
import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { interpretFunction } from "../graph/testing/interpret-function.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { emitKernel } from "../machine/x86-64/emit.ts";
import { traitsOf } from "../runtime/target.ts";
import { INTERPRETED_TARGETS, inputsOf, KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { TESTED_OPERATIONS } from "./testing/cases.ts";

/** Largest error allowed, relative to the largest magnitude of the result: that of `conformance.test.ts`. */
const RELATIVE = 2e-6;

/** Emission must not throw, whether or not the code runs here. */
function emit({ code }: Kernel): void {
  expect(emitKernel(code, "system-v").length).toBeGreaterThan(0);
}

for (const target of INTERPRETED_TARGETS) {
  for (const { name, cases } of TESTED_OPERATIONS) {
    describe(`${name} on ${target}, interpreted`, () => {
      for (const one of cases) {
        it(`kernels equal the reference loops within ${RELATIVE} for ${one.title}`, () => {
          const arrays = inputsOf(one);
          const apply = (...inputs: Tensor[]) => [one.apply(inputs)];
          const [expected] = compile(apply, one.inputs, { target: "reference" })(...arrays);
          for (const fusion of [true, false]) {
            const [actual] = interpretFunction(apply, arrays, traitsOf(target), { fusion, inspect: emit });
            expectClose(actual.data, expected.data, RELATIVE, `${name} on ${target}`);
          }
        });
      }
    });
  }
}

/** Not `wasm-relaxed`, which leaves it to the processor whether multiply-adds are rounded once. */
for (const target of KERNEL_TARGETS.filter((name) => name !== "wasm-relaxed")) {
  describe(`interpreted kernels for ${target} have the bits of its machine code`, () => {
    for (const { name, cases } of TESTED_OPERATIONS) {
      it(name, () => {
        for (const one of cases) {
          const arrays = inputsOf(one);
          const apply = (...inputs: Tensor[]) => [one.apply(inputs)];
          const [expected] = compile(apply, one.inputs, { target, threads: 1 })(...arrays);
          const [actual] = interpretFunction(apply, arrays, traitsOf(target));
          expect(actual.data, one.title).toEqual(expected.data);
        }
      });
    }
  });
}
