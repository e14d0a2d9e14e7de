/** @file Reads the values of options; what is wrong with one ends up in a usage error with the option's name. */

import { InvalidArgumentError, Option } from "commander";
import type { SplitFractions } from "../data/audio/index.ts";
import { PRECISIONS } from "../runtime/precision.ts";

export function precisionOption(): Option {
  return new Option(
    "--precision <name>",
    "number format; bfloat16 needs a processor with AVX512-BF16",
  ).choices(PRECISIONS);
}

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
    }
    return value;
  };
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("It must be a number above 0.");
  }
  return value;
}

/** A fraction on [0, 1). */
export function fraction(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value < 1)) {
    throw new InvalidArgumentError("It must be a number of at least 0 and below 1, such as 0.1.");
  }
  return value;
}

/** "0.85/0.10/0.05" or "85/10/5". */
export function splitFractions(text: string): SplitFractions {
  const parts = text.split("/").map(Number);
  const sum = parts.reduce((total, part) => total + part, 0);
  const isSplit = /^[\d.]+\/[\d.]+\/[\d.]+$/.test(text) && parts.every((part) => part >= 0) && parts[0] > 0;
  if (!isSplit || (Math.abs(sum - 1) > 1e-6 && Math.abs(sum - 100) > 1e-4)) {
    throw new InvalidArgumentError("It must be three shares with sum 1, such as 0.7/0.15/0.15.");
  }
  const [train, validation, test] = parts.map((part) => part / Math.round(sum));
  return [train, validation, test];
}

/** Most examples that one range may name. */
const LONGEST_RANGE = 10_000;

/** Example numbers: "7", "0..9" (both ends included), or several of these: "0..4,17". */
export function exampleNumbers(text: string): number[] {
  return text.split(",").flatMap((part) => {
    const match = /^(\d+)(?:\.\.(\d+))?$/.exec(part.trim());
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (!match || last < first || last - first >= LONGEST_RANGE) {
      throw new InvalidArgumentError('It must be numbers or ranges of examples, such as "7" or "0..9,17".');
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
