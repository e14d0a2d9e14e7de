/** @file Augmentation: a shift along the time axis. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";

/**
 * Moves a window to a later time by a number of steps that is uniform on 0 … floor(fraction · steps). What
 * leaves at the end comes back at the start, as in `torch.roll`: in a clip that was padded with silence, that
 * is silence.
 * @param window `[steps, …]`, row-major
 */
export function shiftTime(window: Float32Array, steps: number, fraction: number, random: Generator): void {
  const shift = random.integer(Math.floor(fraction * steps) + 1);
  if (shift === 0 || shift === steps) return;
  const row = window.length / steps;
  const wrapped = window.slice((steps - shift) * row);
  window.copyWithin(shift * row, 0, (steps - shift) * row);
  window.set(wrapped);
}
