/** @file Clips that weights come from, and what else must not be tested because of them. Browser-safe. */

import { checkOptions } from "../../../options.ts";
import type { AudioClip } from "../../audio/collection.ts";
import type { ClipLink, SplitRole } from "../collection.ts";
import { SPLIT_ROLES } from "./parts.ts";
import { unitsOf } from "./units.ts";

/** The role of a clip for weights: "train" if they were trained on it, "validation" if it helped to choose the best epoch. */
export type KnownRole = "train" | "validation";

/** Clips that weights come from, by their ids. */
export type KnownClips = ReadonlyMap<string, KnownRole>;

/**
 * The role that each clip, or one that must stay with it, had for the weights: "train" where any was in their training part,
 * otherwise "validation" where any was in their validation part.
 */
export function rolesBefore(
  clips: readonly AudioClip[],
  known: KnownClips,
  options: { readonly groups?: boolean; readonly links?: readonly ClipLink[] },
): (KnownRole | undefined)[] {
  checkOptions("rolesBefore", options, { groups: true, links: true }, "clips, known, ");
  const { groups = true, links = [] } = options;
  const before = new Array<KnownRole | undefined>(clips.length).fill(undefined);
  if (known.size === 0) return before;
  for (const unit of unitsOf(clips, { byGroup: groups, links })) {
    const roles = unit.map((clip) => known.get(clips[clip].id));
    const role = (["train", "validation"] as const).find((one) => roles.includes(one));
    for (const clip of unit) before[clip] = role;
  }
  return before;
}

export function countRoles(before: readonly (KnownRole | undefined)[]): Record<KnownRole, number> {
  const count = (role: KnownRole) => before.filter((one) => one === role).length;
  return { train: count("train"), validation: count("validation") };
}

/** The numbers of those parts in which a clip may be: none whose results it would make better than they should be. */
export function partsUpTo(before: KnownRole | undefined, filled: readonly SplitRole[]): number[] {
  return filled.flatMap((role, part) => (before === undefined || isUpTo(role, before) ? [part] : []));
}

/** Whether a part is `last` or one before it, from training to test. */
export function isUpTo(role: SplitRole, last: KnownRole): boolean {
  return SPLIT_ROLES.indexOf(role) <= SPLIT_ROLES.indexOf(last);
}
