/** @file A run's diagnosis: whether its training has taught the model anything, as result.json stores it. Browser-safe. */

import * as z from "zod/mini";
import { guessingLoss } from "../nn/checks/diagnosis/index.ts";
import type { AnswerKind } from "../nn/losses/registry.ts";
import type { EpochMetrics } from "./metrics-log.ts";

/** As `diagnoseTraining` gives it. */
export const diagnosisSchema = z.strictObject({
  /** "failed": the model is no better than guessing; "too-short": nor could it be, after so few updates. */
  verdict: z.enum(["learned", "too-short", "failed"]),
  findings: z.array(
    z.strictObject({
      /** Which finding it is, for programs. */
      code: z.string(),
      /** Whether the model is of no use because of it; else it is a likely cause. */
      failure: z.boolean(),
      observation: z.string(),
      advice: z.string(),
    }),
  ),
});

export type RunDiagnosis = z.infer<typeof diagnosisSchema>;

/** The epoch after which a training that has learnt nothing is warned about, long before it ends. */
const WARNING_EPOCH = 3;

/** The share of the loss of guessing that is no progress. */
const NO_PROGRESS = 0.99;

/** Best constant answers to the training examples. */
export interface Guess {
  readonly kind: AnswerKind;
  /** Shares of the classes or tags; not used for numbers, whose loss is in units of their variance. */
  readonly means: readonly number[];
  readonly labelSmoothing?: number;
}

/**
 * Returns a warning once, after the third epoch, if the training loss is still that of guessing.
 * @param metrics the metrics of all epochs so far
 */
export function warningOf(metrics: readonly EpochMetrics[], guess: Guess): string | undefined {
  if (metrics.length !== WARNING_EPOCH) return undefined;
  const loss = guessingLoss(guess.kind, guess.means, guess.labelSmoothing);
  const least = Math.min(...metrics.map((one) => one.loss));
  if (least < NO_PROGRESS * loss) return undefined;
  return (
    `After ${WARNING_EPOCH} epochs the loss, ${least.toFixed(4)}, is still at chance level, ${loss.toFixed(4)}: the model has ` +
    "learnt nothing yet. If this continues, stop the run (Ctrl-C) and try another learning rate or --no-augment, or check the data " +
    "with auricle inspect."
  );
}

/** The share of each class among labels. */
export function classShares(labels: ArrayLike<number>, classes: number): number[] {
  const shares = new Array<number>(classes).fill(0);
  for (let i = 0; i < labels.length; i++) shares[labels[i]] += 1 / labels.length;
  return shares;
}
