/** @file Which samples can be worked with: floats in a file may be anything. Browser-safe. */

import { AuricleError } from "../../errors.ts";

/** The error message for a recording that `requireUsable` refuses. */
export const UNUSABLE_SAMPLES = "it holds samples that are NaN, infinite or far beyond full scale";

/**
 * Full scale is 1, or 2³¹ in floats that a program wrote as if they were whole numbers. Up to here no front end's powers
 * overflow; some millions of such samples are squared in a spectrum, and 32-bit floats end at 2¹²⁸.
 */
export const LARGEST_SAMPLE = 2 ** 40;

/** @throws AuricleError "file" naming the recording where one of the samples is NaN, infinite or beyond that. */
export function requireUsable(name: string, samples: Float32Array): void {
  for (let i = 0; i < samples.length; i++) {
    if (!(Math.abs(samples[i]) <= LARGEST_SAMPLE)) {
      throw new AuricleError("file", `${name}: ${UNUSABLE_SAMPLES}`);
    }
  }
}
