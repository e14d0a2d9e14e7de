/** @file Whether a recording is silent. Browser-safe. */

import type { Measurement } from "./measure/measurement.ts";
import { QUIET_DECIBELS, QuietMeter, type QuietStretches } from "./measure/quiet-meter.ts";

/** Decibels relative to full scale of an amplitude. */
export function decibelsOf(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}

/** A description of silence in words, for messages. */
export const SILENCE_IN_WORDS = `nothing above ${QUIET_DECIBELS} dBFS`;

/** Whether no tenth of a second of it is louder than `QUIET_DECIBELS`. */
export function isSilent({
  isFinite,
  quiet,
}: Pick<Measurement, "isFinite"> & { readonly quiet: Pick<QuietStretches, "loudest"> }): boolean {
  return isFinite && !(decibelsOf(quiet.loudest) >= QUIET_DECIBELS);
}

/** At either end, in seconds: where a constant begins or ends, resampling makes of the step a sound of this length. */
const EDGE_SECONDS = 0.01;

/** Whether sound that was resampled and comes block by block is silent, but for its very ends. */
export class SilenceMeter {
  private readonly meter: QuietMeter;
  private readonly edge: number;
  /** The last samples so far: those of the end are left out. */
  private held = new Float32Array(0);
  private isAtStart = true;

  /** @param sampleRate in Hz */
  constructor(sampleRate: number) {
    this.meter = new QuietMeter(sampleRate);
    this.edge = Math.ceil(EDGE_SECONDS * sampleRate);
  }

  /** @param samples finite */
  push(samples: Float32Array): void {
    const all = new Float32Array(this.held.length + samples.length);
    all.set(this.held);
    all.set(samples, this.held.length);
    if (this.isAtStart && all.length <= 4 * this.edge) {
      this.held = all;
      return;
    }
    const start = this.isAtStart ? this.edge : 0;
    this.isAtStart = false;
    this.meter.push(all.subarray(start, all.length - this.edge));
    this.held = all.slice(all.length - this.edge);
  }

  /** To be asked once, at the end. A sound that is hardly longer than its ends is judged whole. */
  isSilent(): boolean {
    if (this.isAtStart) this.meter.push(this.held);
    return isSilent({ isFinite: true, quiet: this.meter.finish() });
  }
}
