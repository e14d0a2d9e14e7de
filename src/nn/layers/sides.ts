/** @file Lengths on the two sides of each axis: paddings and croppings. */
import { AuricleError } from "../../errors.ts";
import type { Dimensions } from "./axes.ts";

/** One number for all sides; or for each axis one number or [before, after]. */
export type Sides = number | readonly (number | readonly [number, number])[];

/** Where a layer takes explicit padding beside Keras' names for one. */
export type PaddingOption<Name extends string> = Name | Sides;

/**
 * A padding by name or by its lengths.
 * @throws AuricleError "argument" for anything else
 */
export function resolvePaddingOption<Name extends string>(
  factory: string,
  value: unknown,
  names: readonly Name[],
  dimensions: Dimensions,
): Name | readonly (readonly [number, number])[] {
  if (value === undefined) return names[0];
  if (typeof value !== "string") return resolveSides(factory, "padding", value, dimensions, names);
  const name = names.find((one) => one === value);
  if (name !== undefined) return name;
  throw new AuricleError(
    "argument",
    `${factory}: padding must be one of ${names.join(", ")}, or numbers for each axis; got "${value}"`,
  );
}

/** [before, after] for each axis. @throws AuricleError "argument" for what is no such lengths */
export function resolveSides(
  factory: string,
  name: string,
  value: unknown,
  dimensions: Dimensions,
  names: readonly string[] = [],
): readonly (readonly [number, number])[] {
  const list: unknown[] = Array.isArray(value) ? value : new Array<unknown>(dimensions).fill(value);
  const isCount = (side: unknown): side is number =>
    typeof side === "number" && Number.isInteger(side) && side >= 0;
  const refused = new AuricleError(
    "argument",
    `${factory}: ${name} must be ${names.map((one) => `"${one}", `).join("")}a number from 0, or for each of ${dimensions} axes a number or [before, after]; got ${JSON.stringify(value)}`,
  );
  // In one dimension Keras takes [before, after] itself.
  const pairs = dimensions === 1 && list.length === 2 && list.every(isCount) ? [list] : list;
  if (pairs.length !== dimensions) throw refused;
  return pairs.map((entry): readonly [number, number] => {
    const [before, after]: unknown[] = Array.isArray(entry) && entry.length === 2 ? entry : [entry, entry];
    if (!isCount(before) || !isCount(after)) throw refused;
    return [before, after];
  });
}
