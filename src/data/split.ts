/** @file Seeded random splits of a data set, e.g. into training and validation examples. Browser-safe. */

import { AuricleError } from "../errors.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import { hasClassTargets, labelsOf, subset, type Dataset } from "./dataset.ts";

export interface SplitOptions {
  /** Same seed, same split. Default 0. */
  readonly seed?: number;
  /**
   * Give each part the same share of every class, to within one example. Default: true where the targets are class
   * indices.
   */
  readonly stratify?: boolean;
}

const OPTIONS: OptionNames<SplitOptions> = { seed: true, stratify: true };

/**
 * Splits a data set at random into disjoint parts that together hold every example once.
 *
 * Each part is in random order, so that its beginning is a random sample too. It knows nothing about examples that
 * belong together, such as segments of one recording: split those by recording, before they are cut.
 *
 * @param fractions each part's share, all above 0, with sum 1: `[0.8, 0.1, 0.1]`.
 * @throws AuricleError "argument" for fractions that do not fit or a part without examples; "data" when
 * stratifying without class indices.
 */
export async function splitDataset(
  dataset: Dataset,
  fractions: readonly number[],
  options: SplitOptions = {},
): Promise<Dataset[]> {
  checkOptions("splitDataset", options, OPTIONS, "dataset, fractions, ");
  const { seed = 0, stratify = hasClassTargets(dataset) } = options;
  checkFractions(dataset, fractions);
  const random = new Generator(deriveKey(seed, "split"));
  const groups = stratify ? indicesByClass(await labelsOf(dataset)) : [range(dataset.length)];
  const parts: number[][] = fractions.map(() => []);
  const owed = fractions.map(() => 0);
  for (const group of groups) {
    random.shuffle(group);
    let start = 0;
    apportion(group.length, fractions, owed).forEach((count, part) => {
      for (const index of group.slice(start, start + count)) parts[part].push(index);
      start += count;
    });
  }
  return parts.map((indices, part) => {
    if (indices.length === 0) {
      throw new AuricleError(
        "argument",
        `split "${dataset.name}": part ${part} with fraction ${fractions[part]} of ${dataset.length} examples ` +
          `is empty; give it a larger fraction`,
      );
    }
    return subset(dataset, random.shuffle(indices));
  });
}

function checkFractions(dataset: Dataset, fractions: readonly number[]): void {
  const sum = fractions.reduce((total, fraction) => total + fraction, 0);
  if (!fractions.every((fraction) => fraction > 0) || !(Math.abs(sum - 1) < 1e-6)) {
    throw new AuricleError(
      "argument",
      `split "${dataset.name}": fractions must all be above 0 and have the sum 1; got [${fractions.join(", ")}]`,
    );
  }
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i);
}

function indicesByClass(labels: Int32Array): number[][] {
  const groups = new Map<number, number[]>();
  labels.forEach((label, index) => {
    const group = groups.get(label);
    if (group) group.push(index);
    else groups.set(label, [index]);
  });
  return [...groups.keys()].sort((a, b) => a - b).map((label) => groups.get(label) ?? []);
}

/**
 * How many of `count` examples each part gets: its share rounded down, and the few left over one each to the parts
 * to which most is owed. `owed`, in examples, is carried from class to class, so that a part too small for one
 * example of every class still gets its share of the whole.
 */
export function apportion(count: number, fractions: readonly number[], owed: number[]): number[] {
  // The 1e-9 absorbs rounding: 0.29 × 100 is 28.999999999999996.
  const counts = fractions.map((fraction) => Math.floor(fraction * count + 1e-9));
  fractions.forEach((fraction, part) => {
    owed[part] += fraction * count - counts[part];
  });
  const leftOver = count - counts.reduce((total, part) => total + part, 0);
  const byOwed = range(fractions.length).sort((a, b) => owed[b] - owed[a] || a - b);
  for (const part of byOwed.slice(0, leftOver)) {
    counts[part]++;
    owed[part]--;
  }
  return counts;
}
