/** @file The strata that a split keeps in proportion, for each task. Browser-safe. */

import type { AudioClip, AudioCollection } from "../../audio/collection.ts";

export interface Strata {
  readonly count: number;
  /** The strata that each clip belongs to; several for tags and for several numbers. */
  readonly ofClip: readonly (readonly number[])[];
  /** Whether every clip is in exactly one. */
  readonly areDisjoint: boolean;
  /** How a report calls them: "class". */
  readonly what: string;
}

/** Most bins into which the values of a regression are sorted. */
const MOST_BINS = 10;

/** Fewest clips a bin: a split cannot keep the share of fewer. */
const CLIPS_PER_BIN = 10;

/**
 * A classification's classes; a tagging's tags, and no tag as one more; for each number of a regression, the bins
 * between its quantiles, up to ten of at least ten clips.
 */
export function strataOf({ task, clips, classNames }: AudioCollection): Strata {
  if (task === "classification") {
    const ofClip = clips.map(({ label }) => [label]);
    return { count: classNames.length, ofClip, areDisjoint: true, what: "class" };
  }
  if (task === "tagging") {
    const untagged = classNames.length;
    const ofClip = clips.map(({ target }) => {
      const tags = classNames.map((_, tag) => tag).filter((tag) => target[tag] > 0);
      return tags.length > 0 ? tags : [untagged];
    });
    return { count: untagged + 1, ofClip, areDisjoint: false, what: "tag" };
  }
  const bins = Math.max(1, Math.min(MOST_BINS, Math.floor(clips.length / CLIPS_PER_BIN)));
  const ofNumber = classNames.map((_, number) => quantileBins(clips, number, bins));
  return {
    count: bins * classNames.length,
    ofClip: clips.map((_, clip) => ofNumber.map((binOf, number) => number * bins + binOf[clip])),
    areDisjoint: classNames.length === 1,
    what: "quantile",
  };
}

/** Without strata all clips are alike. */
export function oneStratum(clips: readonly AudioClip[]): Strata {
  return { count: 1, ofClip: clips.map(() => [0]), areDisjoint: true, what: "clip" };
}

/** The bin of each clip by one of its numbers; equal values share a bin. */
function quantileBins(clips: readonly AudioClip[], number: number, bins: number): number[] {
  const values = clips.map(({ target }) => target[number]);
  const sorted = Float32Array.from(values).sort();
  const edges = Array.from(
    { length: bins - 1 },
    (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)],
  );
  return values.map((value) => edges.filter((edge) => edge <= value).length);
}
