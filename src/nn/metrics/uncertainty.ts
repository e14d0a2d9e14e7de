/** @file How far a figure can be trusted: intervals of proportions, and the spread over seeds. */
import { AuricleError } from "../../errors.ts";
import { shownValue } from "../../shown-value.ts";

/** Both ends belong to it. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The normal distribution has 2.5 % above it. */
const NORMAL_975 = 1.959963984540054;

/**
 * Wilson's 95 % interval of a proportion (1927): all p for which `hits` of `count` lies within 1.96 standard deviations of
 * the expected number. Unlike p ± 1.96·√(p(1 - p)/n) it stays within 0 … 1 and has a width at 0 % and 100 %.
 *
 * @example wilsonInterval(209, 290) // an accuracy of 72.1 %: { low: 0.666…, high: 0.769… }
 * @throws AuricleError "data" unless count is a whole number above 0 and hits one in 0 … count
 */
export function wilsonInterval(hits: number, count: number): Interval {
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(hits) || hits < 0 || hits > count) {
    throw new AuricleError(
      "data",
      `wilsonInterval: hits must be a whole number in 0 … count, and count above 0; got ${shownValue(hits)} of ${count}`,
    );
  }
  const square = NORMAL_975 ** 2;
  const center = (hits + square / 2) / (count + square);
  const half = (NORMAL_975 / (count + square)) * Math.sqrt((hits * (count - hits)) / count + square / 4);
  // Rounding must not leave 0 … 1.
  return { low: hits === 0 ? 0 : center - half, high: hits === count ? 1 : center + half };
}

export interface MeanAndDeviation {
  readonly mean: number;
  /** The standard deviation of the sample, divided by n - 1; undefined for a single value. */
  readonly standardDeviation: number | undefined;
}

/** Mean and standard deviation of a figure over several seeds or folds. @throws AuricleError "data" for no values. */
export function meanAndDeviation(values: readonly number[]): MeanAndDeviation {
  if (values.length === 0) {
    throw new AuricleError("data", "meanAndDeviation: needs at least one value; got none");
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    standardDeviation: values.length === 1 ? undefined : Math.sqrt(squares / (values.length - 1)),
  };
}
