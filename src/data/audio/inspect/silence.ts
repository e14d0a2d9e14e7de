/** @file Whether a recording is silent. Browser-safe. */

import type { Measurement } from "./measure/measurement.ts";
import { QUIET_DECIBELS } from "./measure/quiet-meter.ts";

/** Decibels relative to full scale of an amplitude. */
export function decibelsOf(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}

/** Whether no tenth of a second of it is louder than `QUIET_DECIBELS`. */
export function isSilent({ isFinite, quiet }: Measurement): boolean {
  return isFinite && !(decibelsOf(quiet.loudest) >= QUIET_DECIBELS);
}
