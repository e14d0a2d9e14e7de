/** @file The arithmetic of the all-reduce: the same bits on every run. Browser-safe. */

/** A rank's part of the sum. */
export interface Weighted {
  readonly weight: number;
  readonly values: Float32Array;
}

/**
 * Writes Σ weight·values / Σ weight, summed in float64 in the order given and rounded once: the mean of equal numbers is that number.
 * Values of weight 0 are not looked at; they may be NaN.
 * @param sums as many float64 numbers, to compute in
 * @returns false where all weights are 0; nothing is written then
 */
export function weightedMean(parts: readonly Weighted[], sums: Float64Array, into: Float32Array): boolean {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return false;
  const { length } = into;
  sums.fill(0, 0, length);
  for (const { weight, values } of parts) {
    if (weight === 0) continue;
    for (let i = 0; i < length; i++) sums[i] += weight * values[i];
  }
  for (let i = 0; i < length; i++) into[i] = sums[i] / total;
  return true;
}
