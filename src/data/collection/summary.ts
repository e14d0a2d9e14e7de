/** @file Parts of summaries of a collection, whatever the medium. Browser-safe. */

import type { Collection, Example } from "./collection.ts";

/** The numbers that a regression is about. */
export interface NumberSummary {
  readonly name: string;
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** How many files have a property; the most frequent value comes first. */
export interface ValueCount<T> {
  readonly value: T;
  readonly files: number;
}

/** The largest class has so many times the examples of the smallest: worth a note. */
const IMBALANCE = 3;

/** @returns one for each number of a regression; none for other tasks */
export function summarizeNumbers(
  { task, classNames }: Pick<Collection, "task" | "classNames">,
  examples: readonly Example[],
): NumberSummary[] {
  if (task !== "regression") return [];
  return classNames.map((name, index) => {
    const values = examples.map(({ target }) => target[index]);
    const sum = values.reduce((total, value) => total + value, 0);
    return { name, ...extremesOf(values), mean: sum / values.length };
  });
}

function extremesOf(values: readonly number[]): { readonly min: number; readonly max: number } {
  return values.reduce(({ min, max }, value) => ({ min: Math.min(min, value), max: Math.max(max, value) }), {
    min: Infinity,
    max: -Infinity,
  });
}

export function countValues<T extends string | number | null>(values: readonly T[]): ValueCount<T>[] {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, files]) => ({ value, files }))
    .sort((a, b) => b.files - a.files || (String(a.value) < String(b.value) ? -1 : 1));
}

/** `mono: 4, stereo: 2`: the first four, and whether there are more. */
export function listCounts<T>(counts: readonly ValueCount<T>[], name: (value: T) => string): string {
  const shown = counts.slice(0, 4).map(({ value, files }) => `${name(value)}: ${files}`);
  return counts.length > 4 ? [...shown, "…"].join(", ") : shown.join(", ");
}

/** A note where classes differ much in size. @param examples "clips" or "pictures" */
export function noteImbalance(
  classes: readonly { readonly name: string; readonly count: number }[],
  examples: string,
): string[] {
  const present = classes.filter(({ count }) => count > 0).sort((a, b) => a.count - b.count);
  const [smallest, largest] = [present[0], present[present.length - 1]];
  if (!largest || largest.count < IMBALANCE * smallest.count) return [];
  return [
    `Classes differ in size: "${largest.name}" has ${largest.count} ${examples}, "${smallest.name}" ${smallest.count}; ` +
      `see the option --balance of training`,
  ];
}
