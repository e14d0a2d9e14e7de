/** @file Lengths on the two sides of each axis: paddings and croppings. */
import type { Dimensions } from "./axes.ts";
import type { OptionChecks } from "./options.ts";

/** One number for all sides; or for each axis one number or [before, after]. */
export type Sides = number | readonly (number | readonly [number, number])[];

/** Where a layer takes explicit padding beside Keras' names for one. */
export type PaddingOption<Name extends string> = Name | Sides;

type Pair = readonly [number, number];

/** A padding by name, the first of which is the default, or by its lengths. @throws AuricleError "argument" for anything else */
export function checkPadding<Name extends string>(
  check: OptionChecks,
  value: unknown,
  names: readonly Name[],
  dimensions: Dimensions,
): Name | readonly Pair[] {
  return check.other<Name | readonly Pair[]>("padding", value, {
    type: "sides",
    wanted: `${names.map((one) => `"${one}", `).join("")}${sidesOf(dimensions)}`,
    parse: (given) => names.find((one) => one === given) ?? pairsOf(given, dimensions),
    fallback: names[0],
  });
}

/** [before, after] for each axis. @throws AuricleError "argument" for what is no such lengths */
export function checkSides(
  check: OptionChecks,
  name: string,
  value: unknown,
  dimensions: Dimensions,
  fallback?: number,
): readonly Pair[] {
  return check.other(name, value, {
    type: "sides",
    wanted: sidesOf(dimensions),
    parse: (given) => pairsOf(given, dimensions),
    fallback,
  });
}

function sidesOf(dimensions: Dimensions): string {
  return `a number from 0, or for each of ${dimensions} axes a number or [before, after]`;
}

function pairsOf(value: unknown, dimensions: Dimensions): readonly Pair[] | undefined {
  const list: unknown[] = Array.isArray(value) ? value : new Array<unknown>(dimensions).fill(value);
  // In one dimension Keras takes [before, after] itself.
  const entries = dimensions === 1 && list.length === 2 && list.every(isWhole) ? [list] : list;
  const pairs = entries.flatMap((entry): Pair[] => {
    const [before, after]: unknown[] = Array.isArray(entry) && entry.length === 2 ? entry : [entry, entry];
    return isWhole(before) && isWhole(after) ? [[before, after]] : [];
  });
  return entries.length === dimensions && pairs.length === dimensions ? pairs : undefined;
}

/** Whether a value is a whole number, 0 or more. */
export function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
