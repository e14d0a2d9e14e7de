import { describe, it } from "vitest";
import { checkGradient, checkKernels } from "../testing/check-operation.ts";
import { TESTED_OPERATIONS } from "./testing/cases.ts";

/** Largest error allowed, relative to the largest magnitude of the result. */
const RELATIVE = 2e-6;

for (const { name, cases } of TESTED_OPERATIONS) {
  describe(name, () => {
    for (const one of cases) {
      it(`kernels equal the reference loops within ${RELATIVE} for ${one.title}`, () => {
        checkKernels(name, one, RELATIVE);
      });
      if (one.withoutGradient === undefined) {
        it(`gradient equals finite differences for ${one.title}`, () => checkGradient(name, one));
      }
    }
  });
}
