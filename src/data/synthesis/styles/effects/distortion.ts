/** @file Overdriven amplifiers. Browser-safe. */

import { decibels } from "../signals/arithmetic.ts";
import { highPass, resonantFilter } from "../signals/filters.ts";
import { scaleTo } from "./level.ts";

/**
 * Soft clipping: x (27 + x²) / (27 + 9 x²), an approximation of tanh, which reaches ±1 at ±3 and stays there.
 */
export function softClip(x: number): number {
  if (x >= 3) return 1;
  if (x <= -3) return -1;
  const square = x * x;
  return (x * (27 + square)) / (27 + 9 * square);
}

export interface Amplifier {
  /** Gain before the clipping, in dB above a signal of root mean square 1. */
  readonly drive: number;
  /** Where the loudspeaker's cabinet falls off, in Hz. */
  readonly cabinet: number;
}

/** Drives a signal through a guitar amplifier, in place. */
export function distort(signal: Float32Array, amplifier: Amplifier, sampleRate: number): void {
  highPass(signal, 90, sampleRate);
  scaleTo(signal, decibels(amplifier.drive));
  for (let i = 0; i < signal.length; i++) signal[i] = softClip(signal[i]);
  highPass(signal, 60, sampleRate);
  resonantFilter(signal, "lowPass", amplifier.cabinet, 0.9, sampleRate);
}
