import { describe, it } from "vitest";
import { checkGradient, checkKernels } from "../testing/check-operation.ts";
import { PRIMITIVES } from "./primitives.ts";

/** Largest error allowed, relative to the largest magnitude of the result. */
const RELATIVE = 2e-6;

for (const { operationName, cases } of PRIMITIVES) {
  describe(operationName, () => {
    for (const one of cases) {
      it(`kernels equal the reference loops within ${RELATIVE} for ${one.title}`, () => {
        checkKernels(operationName, one, RELATIVE);
      });
      if (one.withoutGradient === undefined) {
        it(`gradient equals finite differences for ${one.title}`, () => checkGradient(operationName, one));
      }
    }
  });
}
