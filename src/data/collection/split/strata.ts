/** @file The strata that a split keeps in proportion, for each task. Browser-safe. */
import type { Collection, Example } from "../collection.ts";

export interface Strata {
  readonly count: number;
  /** The strata that each example belongs to; several for tags and for several numbers. */
  readonly ofExample: readonly (readonly number[])[];
  /** Whether every example is in exactly one. */
  readonly areDisjoint: boolean;
}

/** Most bins into which the values of a regression are sorted. */
const MOST_BINS = 10;

/** Fewest examples a bin: a split cannot keep the share of fewer. */
const EXAMPLES_PER_BIN = 10;

/**
 * A classification's classes; a tagging's tags, and no tag as one more; for each number of a regression, the bins
 * between its quantiles, up to ten of at least ten examples.
 */
export function strataOf({ task, examples, classNames }: Collection): Strata {
  if (task === "classification") {
    const ofExample = examples.map(({ label }) => [label]);
    return { count: classNames.length, ofExample, areDisjoint: true };
  }
  if (task === "tagging") {
    const untagged = classNames.length;
    const ofExample = examples.map(({ target }) => {
      const tags = classNames.map((_, tag) => tag).filter((tag) => target[tag] > 0);
      return tags.length > 0 ? tags : [untagged];
    });
    return { count: untagged + 1, ofExample, areDisjoint: false };
  }
  const bins = Math.max(1, Math.min(MOST_BINS, Math.floor(examples.length / EXAMPLES_PER_BIN)));
  const ofNumber = classNames.map((_, number) => quantileBins(examples, number, bins));
  return {
    count: bins * classNames.length,
    ofExample: examples.map((_, i) => ofNumber.map((binOf, number) => number * bins + binOf[i])),
    areDisjoint: classNames.length === 1,
  };
}

/** Without strata all examples are alike. */
export function oneStratum(examples: readonly Example[]): Strata {
  return { count: 1, ofExample: examples.map(() => [0]), areDisjoint: true };
}

/** The bin of each example by one of its numbers; equal values share a bin. */
function quantileBins(examples: readonly Example[], number: number, bins: number): number[] {
  const values = examples.map(({ target }) => target[number]);
  const sorted = Float32Array.from(values).sort();
  const edges = Array.from(
    { length: bins - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)],
  );
  return values.map((value) => edges.filter((edge) => edge <= value).length);
}
