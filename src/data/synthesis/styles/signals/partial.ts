/** @file A sine that dies away: one mode of something struck. Browser-safe. */

import { cosine, decayFactor, sine } from "./arithmetic.ts";

export interface Partial {
  /** In Hz, below half the sample rate. */
  readonly frequency: number;
  /** Seconds in which it loses 60 dB. */
  readonly decay: number;
  /** Seconds until it is damped, and in which it then loses 60 dB. */
  readonly held: number;
  readonly release: number;
  readonly level: number;
}

/** Adds a partial to `out` from sample `start` on, by the recurrence y[n] = 2 r cos ω y[n-1] - r² y[n-2]. */
export function addPartial(out: Float32Array, start: number, partial: Partial, sampleRate: number): void {
  const release = Math.min(partial.release, partial.decay);
  const turn = partial.frequency / sampleRate;
  const dampedAt = start + Math.round(Math.min(partial.held, partial.decay) * sampleRate);
  const end = Math.min(out.length, dampedAt + Math.round(release * sampleRate));
  let factor = decayFactor(partial.decay, sampleRate);
  let first = 2 * factor * cosine(turn);
  let second = factor * factor;
  let y = 0;
  let before = (-partial.level * sine(turn)) / factor;
  for (let i = start; i < end; i++) {
    if (i === dampedAt) {
      factor = decayFactor(release, sampleRate);
      first = 2 * factor * cosine(turn);
      second = factor * factor;
    }
    out[i] += y;
    const next = first * y - second * before;
    before = y;
    y = next;
  }
}
