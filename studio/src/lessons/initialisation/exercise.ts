/** @file The exercise: a standard deviation under which the signal neither grows nor shrinks. */
import type { RuleSignals } from "./trials.ts";

/**
 * How much the last convolution's signal may be larger or smaller than the first one's: with eight filters, the draw of a seed makes a
 * factor of two.
 */
export const TOLERANCE = 2.5;

/** The last convolution's size over the first one's. */
export function growthOf({ layers }: RuleSignals): number {
  const convolutions = layers.slice(0, -1);
  return (convolutions.at(-1)?.activationSize ?? 0) / (convolutions[0]?.activationSize ?? 1);
}

/** @param view the settings @returns the words for what is missing; undefined when it is solved */
export function missingIn(
  signals: RuleSignals | undefined,
  view: { readonly activation: string; readonly own: number },
): string | undefined {
  if (view.activation !== "relu") return "Set the non-linearity to ReLU first.";
  if (signals?.activation !== view.activation || signals.own !== view.own)
    return "The signals are still being computed. Try again in a second.";
  const growth = growthOf(signals);
  if (growth > TOLERANCE)
    return `The signal grows ${growth.toPrecision(3)}-fold from conv 1 to conv 5: too large.`;
  if (growth < 1 / TOLERANCE) {
    return `Of the signal in conv 1, conv 5 has ${growth.toPrecision(2)} times as much: too small.`;
  }
  return undefined;
}
