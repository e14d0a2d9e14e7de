/** @file Reads the values of options; what is wrong with one ends up in a usage error with the option's name. */

import { InvalidArgumentError, Option } from "commander";
import {
  fraction as fractionType,
  positiveNumber as positiveType,
  shares,
  wholeNumber as wholeNumberType,
  type ValueType,
} from "../runs/index.ts";
import { PRECISIONS } from "../runtime/precision.ts";

export function precisionOption(): Option {
  return new Option(
    "--precision <name>",
    "number format; bfloat16 needs a processor with AVX512-BF16",
  ).choices(PRECISIONS);
}

/** Returns a function that reads the words of an option whose values are of a type. */
export function readerOf<V>({ schema, parse }: ValueType<V>): (word: string) => V {
  return (word) => {
    const result = schema.safeParse(parse ? parse(word) : word);
    if (result.success) return result.data;
    throw new InvalidArgumentError(`It ${result.error.issues[0].message}.`);
  };
}

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (word: string) => number {
  return readerOf(wholeNumberType(least));
}

const LAST_PORT = 65_535;

/** A port; 0: any that is free. */
export function portNumber(word: string): number {
  const port = wholeNumber(0)(word);
  if (port <= LAST_PORT) return port;
  throw new InvalidArgumentError(`It must be at most ${LAST_PORT}.`);
}

export const positiveNumber = readerOf(positiveType());

/** The option of commands that predict: how densely windows lie. */
export function hopOption(): Option {
  return new Option(
    "--hop <seconds>",
    "time between the beginnings of windows (default: windows that just cover all)",
  ).argParser(positiveNumber);
}

/** A fraction on [0, 1). */
export const fraction = readerOf(fractionType());

/** "0.85/0.10/0.05" or "85/10/5". */
export const splitFractions = readerOf(shares());

/** The shape of an example without the batch axis: "28x28x1", "16000x1". */
export function exampleShape(text: string): number[] {
  const shape = text.split(/[x×]/).map(Number);
  if (!shape.every((length) => Number.isSafeInteger(length) && length > 0)) {
    throw new InvalidArgumentError("It must be whole numbers above 0, such as 28x28x1.");
  }
  return shape;
}

/** Numbers by name: "fmin=40,fmax=2000". */
export function namedNumbers(text: string): Record<string, number> {
  const entries = text.split(",").map((part): [string, number] => {
    const [, name = "", value = ""] = /^\s*(.*?)\s*=\s*(\S+)\s*$/.exec(part) ?? [];
    if (name !== "" && value !== "" && Number.isFinite(Number(value))) return [name, Number(value)];
    throw new InvalidArgumentError("It must be names with numbers, such as fmin=40,fmax=2000.");
  });
  return Object.fromEntries(entries);
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
