/** @file One period of a tone as a table. Browser-safe. */

import { sine } from "./arithmetic.ts";

/** Samples of one period. A table has one more, the first one again, so that one may interpolate past the last. */
export const TABLE_SIZE = 1024;

/** One period of a sine. */
export const SINE_TABLE = Float32Array.from({ length: TABLE_SIZE + 1 }, (_, i) => sine(i / TABLE_SIZE));

/**
 * One period of the sum of `amplitudes[k]` sin(2π (k+1) x), scaled to the root mean square of a full-scale sine.
 * Partials above `highest` (a number of partials) are left out: they would be aliased.
 */
export function wavetable(amplitudes: readonly number[], highest: number): Float32Array {
  const table = new Float32Array(TABLE_SIZE + 1);
  const count = Math.max(1, Math.min(amplitudes.length, Math.floor(highest)));
  let power = 0;
  for (let k = 0; k < count; k++) power += amplitudes[k] * amplitudes[k];
  const scale = power > 0 ? 1 / Math.sqrt(power) : 0;
  for (let k = 0; k < count; k++) {
    const amplitude = amplitudes[k] * scale;
    if (amplitude === 0) continue;
    for (let i = 0, at = 0; i <= TABLE_SIZE; i++) {
      table[i] += amplitude * SINE_TABLE[at];
      at = (at + k + 1) & (TABLE_SIZE - 1);
    }
  }
  return table;
}
