/** @file The fewest samples that give so many steps of features. Browser-safe. */

import type { FrontEnd } from "../../../audio/front-end/front-end.ts";
import { AuricleError } from "../../../errors.ts";
import { shownValue } from "../../../shown-value.ts";

/** @throws AuricleError "argument" unless `steps` is a whole number from 1. */
export function samplesForSteps(frontEnd: FrontEnd, steps: number): number {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new AuricleError(
      "argument",
      `features: minimumFrames must be a whole number from 1; got ${shownValue(steps)}`,
    );
  }
  let enough = steps * frontEnd.hopLength;
  while (stepsOf(frontEnd, enough) < steps) enough *= 2;
  let few = 0;
  while (enough - few > 1) {
    const middle = Math.floor((few + enough) / 2);
    if (stepsOf(frontEnd, middle) < steps) few = middle;
    else enough = middle;
  }
  return enough;
}

/** Steps of time of so many samples; 0 where they are too few for one. */
export function stepsOf(frontEnd: FrontEnd, samples: number): number {
  try {
    return frontEnd.outputShape(samples)[0];
  } catch (error) {
    if (error instanceof AuricleError && error.code === "shape") return 0;
    throw error;
  }
}
