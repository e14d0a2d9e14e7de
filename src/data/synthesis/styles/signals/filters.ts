/** @file Filters in place, over a whole signal. Browser-safe. */

import { cosine, powerOfTwo, sine } from "./arithmetic.ts";

/** The coefficient of a one-pole low-pass `y += a (x - y)` with this corner frequency: a = 1 - e^(-2πf/rate). */
export function onePoleCoefficient(frequency: number, sampleRate: number): number {
  return 1 - powerOfTwo((-2 * Math.PI * Math.LOG2E * Math.min(frequency, sampleRate / 2)) / sampleRate);
}

/** 6 dB an octave above the corner frequency. */
export function lowPass(signal: Float32Array, frequency: number, sampleRate: number): void {
  const a = onePoleCoefficient(frequency, sampleRate);
  let y = 0;
  for (let i = 0; i < signal.length; i++) {
    y += a * (signal[i] - y);
    signal[i] = y;
  }
}

/** 6 dB an octave below the corner frequency; takes a constant away. */
export function highPass(signal: Float32Array, frequency: number, sampleRate: number): void {
  const a = onePoleCoefficient(frequency, sampleRate);
  let y = 0;
  for (let i = 0; i < signal.length; i++) {
    y += a * (signal[i] - y);
    signal[i] -= y;
  }
}

/** The band that a second-order filter lets through. */
export type Response = "lowPass" | "bandPass" | "highPass";

/**
 * 12 dB an octave with a resonance of quality `q` (0.7: none); the band-pass has 0 dB at its centre.
 * Zavalishin's state variable filter by trapezoidal integration (The Art of VA Filter Design, section 4).
 */
export function resonantFilter(
  signal: Float32Array,
  response: Response,
  frequency: number,
  q: number,
  sampleRate: number,
): void {
  const g = tangent(frequency, sampleRate);
  const r = 1 / q;
  const d = 1 / (1 + g * (g + r));
  const [low, band, high] = [
    +(response === "lowPass"),
    response === "bandPass" ? r : 0,
    +(response === "highPass"),
  ];
  let first = 0;
  let second = 0;
  for (let i = 0; i < signal.length; i++) {
    const h = (signal[i] - (g + r) * first - second) * d;
    const b = g * h + first;
    const l = g * b + second;
    first = g * h + b;
    second = g * b + l;
    signal[i] = low * l + band * b + high * h;
  }
}

/** tan(πf/rate), which prewarps the frequency of a trapezoidal integrator; f is kept below 0.45 of the rate. */
export function tangent(frequency: number, sampleRate: number): number {
  const x = Math.min(0.45, frequency / sampleRate) / 2;
  return sine(x) / cosine(x);
}
