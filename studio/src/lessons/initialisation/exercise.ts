/** @file The exercise: a standard deviation under which the signal neither grows nor shrinks. */
import type { RuleSignals } from "./trials.ts";

/** How much the last convolution's signal may be larger or smaller than the first one's. */
export const TOLERANCE = 1.5;

/** The last convolution's size over the first one's. */
export function growthOf({ layers }: RuleSignals): number {
  const convolutions = layers.slice(0, -1);
  return (convolutions.at(-1)?.activationSize ?? 0) / (convolutions[0]?.activationSize ?? 1);
}

/** @returns what is missing; undefined when it is solved */
export function missingIn(signals: RuleSignals | undefined, activation: string): string | undefined {
  if (activation !== "relu") return "Set the non-linearity to ReLU first.";
  if (!signals) return "The signals are still being computed. Try again in a second.";
  const growth = growthOf(signals);
  if (growth > TOLERANCE)
    return `The signal grows ${growth.toPrecision(3)}-fold from conv 1 to conv 5: too large.`;
  if (growth < 1 / TOLERANCE) {
    return `Of the signal in conv 1, conv 5 has ${growth.toPrecision(2)} times as much: too small.`;
  }
  return undefined;
}
