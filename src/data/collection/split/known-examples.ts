/** @file Examples that weights come from, and what else must not be tested because of them. Browser-safe. */

import { checkOptions } from "../../../options.ts";
import type { Example, ExampleLink, SplitRole } from "../collection.ts";
import { SPLIT_ROLES } from "./parts.ts";
import { unitsOf } from "./units.ts";

/** The role of an example for weights: "train" if they were trained on it, "validation" if it helped to choose the best epoch. */
export type KnownRole = "train" | "validation";

/** Examples that weights come from, by their ids. */
export type KnownExamples = ReadonlyMap<string, KnownRole>;

/**
 * The role that each example, or one that must stay with it, had for the weights: "train" where any was in their training part,
 * otherwise "validation" where any was in their validation part.
 */
export function rolesBefore(
  examples: readonly Example[],
  known: KnownExamples,
  options: { readonly groups?: boolean; readonly links?: readonly ExampleLink[] },
): (KnownRole | undefined)[] {
  checkOptions("rolesBefore", options, { groups: true, links: true }, "clips, known, ");
  const { groups = true, links = [] } = options;
  const before = new Array<KnownRole | undefined>(examples.length).fill(undefined);
  if (known.size === 0) return before;
  for (const unit of unitsOf(examples, { byGroup: groups, links })) {
    const roles = unit.map((index) => known.get(examples[index].id));
    const role = (["train", "validation"] as const).find((one) => roles.includes(one));
    for (const index of unit) before[index] = role;
  }
  return before;
}

export function countRoles(before: readonly (KnownRole | undefined)[]): Record<KnownRole, number> {
  const count = (role: KnownRole) => before.filter((one) => one === role).length;
  return { train: count("train"), validation: count("validation") };
}

/** The numbers of those parts in which an example may be: none whose results it would make better than they should be. */
export function partsUpTo(before: KnownRole | undefined, filled: readonly SplitRole[]): number[] {
  return filled.flatMap((role, part) => (before === undefined || isUpTo(role, before) ? [part] : []));
}

/** Whether a part is `last` or one before it, from training to test. */
export function isUpTo(role: SplitRole, last: KnownRole): boolean {
  return SPLIT_ROLES.indexOf(role) <= SPLIT_ROLES.indexOf(last);
}
