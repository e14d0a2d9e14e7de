/** @file Which stretches of the parameter slab one update covers. */
import type { Shape } from "../../tensor/shape.ts";
import { paddedWords } from "../weight-layout.ts";

/** The position and properties of a weight in the parameter slab. */
export interface PlacedWeight {
  readonly shape: Shape;
  /** In words. */
  readonly offset: number;
  readonly decay: boolean;
}

/** A stretch of words whose weights are all updated, and all decay or all do not. */
export interface UpdateRange {
  readonly start: number;
  readonly length: number;
  readonly decay: boolean;
}

/** The longest stretches that `weights` (those to be updated) make up, padding included. */
export function updateRanges(weights: readonly PlacedWeight[], slabLength: number): UpdateRange[] {
  const sorted = [...weights].sort((a, b) => a.offset - b.offset);
  const ranges: UpdateRange[] = [];
  for (const { offset, shape, decay } of sorted) {
    const padded = paddedWords(shape);
    const length = Math.min(padded, slabLength - offset);
    const last = ranges.at(-1);
    if (last && last.decay === decay && last.start + last.length === offset) {
      ranges[ranges.length - 1] = { ...last, length: last.length + length };
    } else {
      ranges.push({ start: offset, length, decay });
    }
  }
  return ranges;
}
