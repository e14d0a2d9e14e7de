/** @file The beta and gamma laws. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";

/**
 * A draw from the gamma law of shape a > 0 and scale 1: Marsaglia and Tsang, "A simple method for generating
 * gamma variables" (ACM TOMS 26(3), 2000), with their step from a + 1 to a for a < 1.
 */
export function gamma(shape: number, random: Generator): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** A draw from the symmetric beta law on 0 … 1 with both shapes `alpha`. */
export function symmetricBeta(alpha: number, random: Generator): number {
  const x = gamma(alpha, random);
  const y = gamma(alpha, random);
  // Both underflow for the smallest of alphas, where the law is 0 or 1 with equal chance.
  return x + y > 0 ? x / (x + y) : Math.round(random.uniform());
}
