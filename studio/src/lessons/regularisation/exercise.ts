/** @file The exercise: what the rate multiplies by, and how far batches' means stray. */

/** How far the means of batches of 8 stray, as a part of the deviation of single values, and half of it. */
const HALF = 1 / Math.sqrt(8) / 2;

export interface Found {
  readonly batch: number;
  /** The deviation of the batches' means, as measured. */
  readonly strays: number;
  /** The deviation of single values. */
  readonly deviation: number;
}

/** @returns the words for what is missing; undefined when it is solved */
export function missingIn(rate: number, found: Found | undefined): string | undefined {
  const scale = 1 / (1 - rate);
  if (Math.abs(scale - 4) > 0.05) {
    return `What dropout keeps is multiplied by ${scale.toPrecision(3)} now, not by 4.`;
  }
  if (!found) return "Open “Batch statistics” and set the batch size there.";
  const part = found.strays / found.deviation;
  // A measurement of 200 batches is off by a twentieth; batches of 24 or 42 differ by more.
  if (Math.abs(part / HALF - 1) > 0.13) {
    return `With batches of ${found.batch} the means stray by ${found.strays.toPrecision(3)}; half of what they do with 8 is ${(HALF * found.deviation).toPrecision(3)}.`;
  }
  return undefined;
}
