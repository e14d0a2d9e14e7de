/** @file The figures by which ways to use a network are compared, and the choice among them. Browser-safe. */

import * as z from "zod/mini";
import type { EpochMetrics } from "../metrics-log.ts";
import { WAY_NAMES } from "../options/names.ts";

export const comparedSchema = z.strictObject({
  how: z.enum(WAY_NAMES),
  /** On the validation part; null where there is no such figure. */
  macroF1: z.nullable(z.number()),
  accuracy: z.nullable(z.number()),
  loss: z.nullable(z.number()),
  /** Seconds of all its epochs; null where that is not known. */
  seconds: z.optional(z.nullable(z.number())),
});

/** Figures of one way on the validation part. */
export type ComparedTransfer = z.infer<typeof comparedSchema>;

/** @param metrics those of one epoch */
export function figuresOf(how: ComparedTransfer["how"], metrics: EpochMetrics): ComparedTransfer {
  const { validationMacroF1: macroF1, validationAccuracy: accuracy, validationLoss: loss } = metrics;
  return { how, macroF1, accuracy, loss };
}

/** Decimal places to which figures are shown and compared. */
const PLACES = 4;

/** The figure that decides, in words: macro F1, or the loss where there are no classes. */
export function figureOf({ macroF1, loss }: ComparedTransfer): string {
  if (macroF1 !== null) return `macro F1 ${macroF1.toFixed(PLACES)}`;
  return loss === null ? "no figure" : `loss ${loss.toFixed(PLACES)}`;
}

/**
 * Chooses the way with the highest macro F1, or without classes the least loss, as far as these are shown: of equal ones the first.
 * @param ways the cheapest first
 */
export function bestWay(ways: readonly ComparedTransfer[]): ComparedTransfer {
  const rank = ({ macroF1, loss }: ComparedTransfer) =>
    Number((macroF1 ?? -(loss ?? Infinity)).toFixed(PLACES));
  return ways.reduce((best, way) => (rank(way) > rank(best) ? way : best));
}

/** How many of the ways have the best one's figure. */
export function countOfBest(ways: readonly ComparedTransfer[]): number {
  const best = figureOf(bestWay(ways));
  return ways.filter((way) => figureOf(way) === best).length;
}
