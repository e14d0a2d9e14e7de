/** @file Echoes that become duller and fainter. Browser-safe. */

import { onePoleCoefficient } from "../signals/filters.ts";

export interface Echo {
  /** Between echoes. */
  readonly seconds: number;
  /** Gain from one to the next, 0 … 1. */
  readonly feedback: number;
}

/** Adds its echoes to a signal, in place. */
export function addEcho(signal: Float32Array, echo: Echo, sampleRate: number): void {
  const delay = Math.max(1, Math.round(echo.seconds * sampleRate));
  const a = onePoleCoefficient(3000, sampleRate);
  let y = 0;
  for (let i = delay; i < signal.length; i++) {
    y += a * (signal[i - delay] - y);
    signal[i] += echo.feedback * y;
  }
}
