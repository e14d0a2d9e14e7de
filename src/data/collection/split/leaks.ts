/** @file Leaks: things that two parts of the data must not share. Browser-safe. */

import type { Example, ExampleLink, SplitRole } from "../collection.ts";
import { isUpTo, type KnownExamples } from "./known-examples.ts";
import { SPLIT_ROLES, type SplitParts } from "./parts.ts";
import { SOUND_WORDS, type MediumWords } from "../words.ts";
import { fileOf } from "./units.ts";

/** Something of which examples are in more than one part, so that a result on one part says less than it seems to. */
export interface Leak {
  readonly kind:
    /** A group: an artist, a speaker, a kit. */
    | "group" /** One file, of which parts are examples. */
    | "recording" /** A link: two examples that sound or look alike. */
    | "duplicate" /** An example that the weights come from with which training begins. */
    | "known";
  /** The group's name, the file's path, both examples' ids, or the example's id. */
  readonly what: string;
  /** How many of its examples each part has; of a known one, the part that it had before counts too. */
  readonly clips: Readonly<Record<SplitRole, number>>;
}

/**
 * Finds what parts share: groups, files, and pairs of examples that `links` names; and examples of the validation and test parts
 * that are known as training examples, or of the test part that are known as validation examples. Links to those that are in no part
 * do not count.
 */
export function findLeaks(
  parts: SplitParts,
  links: readonly ExampleLink[] = [],
  known: KnownExamples = new Map(),
): Leak[] {
  const groups = countByRole(parts, ({ group }) => group);
  const files = countByRole(parts, fileOf);
  const groupsOfFile = new Map<string, Set<string>>();
  const roleOfId = new Map<string, SplitRole>();
  for (const role of SPLIT_ROLES) {
    for (const example of parts[role]) {
      const { id, group } = example;
      roleOfId.set(id, role);
      const file = fileOf(example);
      if (file === undefined) continue;
      const groups = groupsOfFile.get(file);
      if (groups) groups.add(group);
      else groupsOfFile.set(file, new Set([group]));
    }
  }
  const leaks: Leak[] = [];
  for (const [what, clips] of groups) {
    if (isShared(clips)) leaks.push({ kind: "group", what, clips });
  }
  for (const [what, clips] of files) {
    // Where all parts of a file are of one group, that is named already.
    if (isShared(clips) && groupsOfFile.get(what)?.size !== 1) leaks.push({ kind: "recording", what, clips });
  }
  for (const { a, b } of links) {
    const [roleOfA, roleOfB] = [roleOfId.get(a), roleOfId.get(b)];
    if (!roleOfA || !roleOfB || roleOfA === roleOfB) continue;
    const clips = noClips();
    clips[roleOfA]++;
    clips[roleOfB]++;
    leaks.push({ kind: "duplicate", what: `${a} = ${b}`, clips });
  }
  for (const [what, before] of known) {
    const now = roleOfId.get(what);
    if (!now || isUpTo(now, before)) continue;
    const clips = noClips();
    clips[before]++;
    clips[now]++;
    leaks.push({ kind: "known", what, clips });
  }
  return leaks;
}

/** Returns a function that puts a leak in words: `group "Anna" (train 12, test 3)`. */
export function leakDescriber({ example }: MediumWords): (leak: Leak) => string {
  return ({ kind, what, clips }) => {
    const counts = SPLIT_ROLES.filter((role) => clips[role] > 0).map((role) => `${role} ${clips[role]}`);
    const name = kind === "known" ? `one ${example} known to the initial weights,` : kind;
    return `${name} ${JSON.stringify(what)} (${counts.join(", ")})`;
  };
}

/** Describes a leak of recordings: `group "Anna" (train 12, test 3)`. A known clip was in the first part before. */
export const describeLeak: (leak: Leak) => string = leakDescriber(SOUND_WORDS);

function noClips(): Record<SplitRole, number> {
  return { train: 0, validation: 0, test: 0 };
}

function isShared(clips: Readonly<Record<SplitRole, number>>): boolean {
  return SPLIT_ROLES.filter((role) => clips[role] > 0).length > 1;
}

function countByRole(
  parts: SplitParts,
  property: (example: Example) => string | undefined,
): Map<string, Record<SplitRole, number>> {
  const counts = new Map<string, Record<SplitRole, number>>();
  for (const role of SPLIT_ROLES) {
    for (const example of parts[role]) {
      const value = property(example);
      if (value === undefined) continue;
      const known = counts.get(value) ?? noClips();
      known[role]++;
      counts.set(value, known);
    }
  }
  return counts;
}
