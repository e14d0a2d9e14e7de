/** @file The values that an option may have in a sweep: drawn at random, or all in turn. */

import type { Generator } from "../random/generator.ts";

/** A set of values of one option. */
export type Range =
  | { readonly kind: "values"; readonly values: readonly unknown[] }
  /** Numbers of an interval, with the same density everywhere or in equal parts of its logarithm. */
  | {
      readonly kind: "uniform" | "logUniform";
      readonly low: number;
      readonly high: number;
      /** Only so many of them, evenly spaced; absent: any. */
      readonly points?: number;
    }
  | { readonly kind: "integers"; readonly low: number; readonly high: number; readonly step: number };

/** Digits of a number that is drawn: what a table shows is what was trained with. */
const DIGITS = 4;

/** Draws a value. */
export function draw(range: Range, random: Generator): unknown {
  if (range.kind === "uniform" || range.kind === "logUniform") {
    if (range.points === undefined) return numberAt(range, random.uniform());
  }
  const values = countOf(range);
  return valueAt(range, random.integer(values ?? 1));
}

/** The number of values; undefined where there is a continuum. */
export function countOf(range: Range): number | undefined {
  if (range.kind === "values") return range.values.length;
  if (range.kind === "integers") return Math.floor((range.high - range.low) / range.step) + 1;
  return range.points;
}

/** The value of that number, from 0, of a range that has not a continuum of them. */
export function valueAt(range: Range, index: number): unknown {
  if (range.kind === "values") return range.values[index];
  if (range.kind === "integers") return range.low + index * range.step;
  const { points = 1 } = range;
  return numberAt(range, points === 1 ? 0.5 : index / (points - 1));
}

/** @param part the place within the range, 0 to 1 */
function numberAt({ kind, low, high }: Extract<Range, { low: number }>, part: number): number {
  const value =
    kind === "logUniform"
      ? Math.exp(Math.log(low) + part * (Math.log(high) - Math.log(low)))
      : low + part * (high - low);
  return Math.min(high, Math.max(low, Number(value.toPrecision(DIGITS))));
}
