/** @file The pitch that a model hears whose outputs are pitches, such as CREPE. Browser-safe. */

import { AuricleError } from "../errors.ts";
import { indexOfLargest } from "./outputs.ts";

/** The pitch of one window. */
export interface Pitch {
  /** In Hz. */
  readonly frequency: number;
  /** The probability of the most probable pitch: low where there is none, or noise. */
  readonly confidence: number;
}

/** As many outputs on each side of the highest are averaged: 80 cents where they are 20 cents apart. */
const NEIGHBOURS = 4;

const NAME = /^(\d+(?:\.\d+)?) Hz$/;

/**
 * Reads the frequencies of a model's outputs, in Hz, from their names, such as "440.000 Hz".
 * @returns undefined where the names are other ones
 */
export function pitchFrequencies(classNames: readonly string[]): Float64Array | undefined {
  const frequencies = Float64Array.from(classNames, (name) => Number(NAME.exec(name)?.[1]));
  return frequencies.every((frequency) => frequency > 0) ? frequencies : undefined;
}

/**
 * Decodes the pitch of a window, as CREPE's authors do: the mean of the nine pitches around the most probable one, each
 * weighted by its probability, on the scale of cents.
 * @param probabilities one for each pitch
 * @param frequencies in Hz, in the order of the probabilities: {@link pitchFrequencies}
 * @throws AuricleError "argument" unless there are as many probabilities as frequencies
 */
export function pitchOf(probabilities: ArrayLike<number>, frequencies: ArrayLike<number>): Pitch {
  if (probabilities.length !== frequencies.length || frequencies.length === 0) {
    throw new AuricleError(
      "argument",
      `pitchOf: must have a probability for each of ${frequencies.length} frequencies; got ${probabilities.length}`,
    );
  }
  const best = indexOfLargest(probabilities);
  const end = Math.min(frequencies.length, best + NEIGHBOURS + 1);
  let sum = 0;
  let weights = 0;
  for (let i = Math.max(0, best - NEIGHBOURS); i < end; i++) {
    sum += probabilities[i] * Math.log2(frequencies[i]);
    weights += probabilities[i];
  }
  const frequency = weights > 0 ? 2 ** (sum / weights) : frequencies[best];
  return { frequency, confidence: probabilities[best] };
}
