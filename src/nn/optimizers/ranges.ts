/** @file Which stretches of the parameter slab one update covers. */
import type { Shape } from "../../tensor/shape.ts";
import { paddedWords } from "../weight-layout.ts";

/** The position and properties of a weight in the parameter slab. */
export interface PlacedWeight {
  readonly shape: Shape;
  /** In words. */
  readonly offset: number;
  readonly decay: boolean;
  /** The name of its layer; of no importance where all layers have one rate. */
  readonly layer?: string;
}

/** A stretch of words whose weights are all updated alike: all decay or all do not, and with one factor of the learning rate. */
export interface UpdateRange {
  readonly start: number;
  readonly length: number;
  readonly decay: boolean;
  /** The factor of the learning rate. Default 1. */
  readonly rate?: number;
}

/**
 * The longest stretches that `weights` (those to be updated) make up, padding included.
 * @param rates factors of the learning rate by layer; 1 for those that are not named
 */
export function updateRanges(
  weights: readonly PlacedWeight[],
  slabLength: number,
  rates: Readonly<Record<string, number>> = {},
): UpdateRange[] {
  const sorted = [...weights].sort((a, b) => a.offset - b.offset);
  const ranges: UpdateRange[] = [];
  for (const { offset, shape, decay, layer } of sorted) {
    const { [layer ?? ""]: rate = 1 } = rates;
    const padded = paddedWords(shape);
    const length = Math.min(padded, slabLength - offset);
    const last = ranges.at(-1);
    if (last && last.decay === decay && (last.rate ?? 1) === rate && last.start + last.length === offset) {
      ranges[ranges.length - 1] = { ...last, length: last.length + length };
    } else {
      ranges.push({ start: offset, length, decay, ...(rate !== 1 && { rate }) });
    }
  }
  return ranges;
}
