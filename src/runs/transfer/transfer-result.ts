/** @file The use of the network that a run began with, and the ways that were compared with it. Browser-safe. */

import * as z from "zod/mini";
import type { EpochMetrics } from "../metrics-log.ts";
import { WAY_NAMES } from "../options/names.ts";
import type { TrainingConfig } from "../training-config.ts";
import { bestWay, comparedSchema, countOfBest, figureOf, figuresOf } from "./compared.ts";
import { headChoiceSchema, type HeadChoice } from "./head-choice.ts";

export const transferResultSchema = z.strictObject({
  from: z.string(),
  /** How the network was used that was tested. */
  how: z.enum(WAY_NAMES),
  /** The linear head on the frozen network; absent where there was none. */
  head: z.optional(headChoiceSchema),
  /** The ways that were compared on the validation part; absent where there was no choice. */
  compared: z.optional(z.array(comparedSchema)),
});

export type TransferResult = z.infer<typeof transferResultSchema>;

/**
 * Returns what is to be told of the network that a run began with.
 * @param bestEpoch the epoch that was tested; null: the last one, as nothing was held out
 * @returns undefined for a run that began with new weights
 */
export function transferResult(
  { transfer }: Pick<TrainingConfig, "transfer">,
  head: HeadChoice | undefined,
  metrics: readonly EpochMetrics[],
  bestEpoch: number | null,
): TransferResult | undefined {
  // Of a comparison that is not done, nothing is tested.
  if (!transfer || transfer.how === "auto") return undefined;
  const { from, how, compared: chosenAmong } = transfer;
  const base = { from, how, ...(head && { head }) };
  if (chosenAmong) return { ...base, compared: chosenAmong };
  if (how !== "fine-tuned" || bestEpoch === null) return base;
  const [frozen, ...tuned] = metrics;
  const best = tuned.find(({ epoch }) => epoch === bestEpoch) ?? bestOf(tuned);
  const compared = [figuresOf("frozen", frozen), ...(best ? [figuresOf("fine-tuned", best)] : [])];
  return { ...base, how: bestEpoch === 1 ? "frozen" : "fine-tuned", compared };
}

/** Finds the epoch with the highest macro-F1, or else the least loss, among those that were not chosen. */
function bestOf(metrics: readonly EpochMetrics[]): EpochMetrics | undefined {
  const rank = ({ validationMacroF1, validationLoss }: EpochMetrics) =>
    validationMacroF1 ?? -(validationLoss ?? Infinity);
  return [...metrics].sort((a, b) => rank(b) - rank(a)).at(0);
}

const IN_WORDS = {
  frozen: "the frozen network with a linear head",
  "fine-tuned": "the fine-tuned network",
  whole: "the network trained as a whole",
  scratch: "a network trained from scratch",
} as const;

/** Says what was compared and what was taken, and why; undefined where there was no choice. */
export function describeTransfer({ how, compared = [] }: TransferResult): string | undefined {
  if (compared.length < 2) return undefined;
  const figures = compared.map(({ seconds, ...one }) => {
    const time = typeof seconds === "number" ? ` (${seconds.toFixed(1)} s)` : "";
    return `${IN_WORDS[one.how]} ${figureOf(one)}${time}`;
  });
  const ofEquals = how === bestWay(compared).how ? ", the cheapest of equals" : ", by its loss";
  const why = countOfBest(compared) > 1 ? ofEquals : "";
  return `On the validation part: ${figures.join(", ")}. Taken: ${IN_WORDS[how]}${why}.`;
}
