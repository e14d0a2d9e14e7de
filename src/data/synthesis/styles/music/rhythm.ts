/** @file Rhythms, written as text. Browser-safe. */

/** One stroke of a rhythm. */
export interface Stroke {
  /** Where in the bar it begins, 0 … 1. */
  readonly position: number;
  /** Until the next stroke or the end of the bar, in bars. */
  readonly length: number;
  /** How hard, 0 … 1. */
  readonly velocity: number;
}

const VELOCITIES: Readonly<Record<string, number>> = { X: 1, x: 0.75, o: 0.4 };

/**
 * Reads a rhythm of one bar in equal steps: `X` accent, `x` stroke, `o` soft stroke, `.` none; spaces do not count.
 * `"x..x ..x. ..x. x..."` has sixteen steps.
 */
export function rhythm(text: string): readonly Stroke[] {
  const steps = text.replaceAll(" ", "");
  const strokes: Stroke[] = [];
  for (let step = 0; step < steps.length; step++) {
    const velocity = VELOCITIES[steps[step]];
    if (velocity === undefined) continue;
    let next = step + 1;
    while (next < steps.length && VELOCITIES[steps[next]] === undefined) next++;
    strokes.push({ position: step / steps.length, length: (next - step) / steps.length, velocity });
  }
  return strokes;
}
