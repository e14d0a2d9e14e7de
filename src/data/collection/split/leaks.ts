/** @file Leaks: things that two parts of the data must not share. Browser-safe. */

import type { AudioClip } from "../../audio/collection.ts";
import type { ClipLink, SplitRole } from "../collection.ts";
import { isUpTo, type KnownClips } from "./known-clips.ts";
import { SPLIT_ROLES, type SplitParts } from "./parts.ts";

/** Something of which clips are in more than one part, so that a result on one part says less than it seems to. */
export interface Leak {
  readonly kind:
    /** A group: an artist, a speaker, a kit. */
    | "group" /** One file, of which parts are clips. */
    | "recording" /** A link: two clips that sound alike. */
    | "duplicate" /** A clip that the weights come from with which training begins. */
    | "known";
  /** The group's name, the file's path, both clips' ids, or the clip's id. */
  readonly what: string;
  /** How many of its clips each part has; of a known clip, the part that it had before counts too. */
  readonly clips: Readonly<Record<SplitRole, number>>;
}

/**
 * Finds what parts share: groups, files, and pairs of clips that `links` names; and clips of the validation and test parts
 * that are known as training clips, or of the test part that are known as validation clips. Links to clips that are in no part
 * do not count.
 */
export function findLeaks(
  parts: SplitParts,
  links: readonly ClipLink[] = [],
  known: KnownClips = new Map(),
): Leak[] {
  const groups = countByRole(parts, (clip) => clip.group);
  const files = countByRole(parts, (clip) => clip.path);
  const groupsOfFile = new Map<string, Set<string>>();
  const roleOfId = new Map<string, SplitRole>();
  for (const role of SPLIT_ROLES) {
    for (const { id, path, group } of parts[role]) {
      roleOfId.set(id, role);
      const known = groupsOfFile.get(path);
      if (known) known.add(group);
      else groupsOfFile.set(path, new Set([group]));
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

/** One leak in words: `group "Anna" (train 12, test 3)`. A known clip was in the first part before. */
export function describeLeak({ kind, what, clips }: Leak): string {
  const counts = SPLIT_ROLES.filter((role) => clips[role] > 0).map((role) => `${role} ${clips[role]}`);
  const name = kind === "known" ? "a clip known to the initial weights," : kind;
  return `${name} ${JSON.stringify(what)} (${counts.join(", ")})`;
}

function noClips(): Record<SplitRole, number> {
  return { train: 0, validation: 0, test: 0 };
}

function isShared(clips: Readonly<Record<SplitRole, number>>): boolean {
  return SPLIT_ROLES.filter((role) => clips[role] > 0).length > 1;
}

function countByRole(
  parts: SplitParts,
  property: (clip: AudioClip) => string,
): Map<string, Record<SplitRole, number>> {
  const counts = new Map<string, Record<SplitRole, number>>();
  for (const role of SPLIT_ROLES) {
    for (const clip of parts[role]) {
      const value = property(clip);
      const known = counts.get(value) ?? noClips();
      known[role]++;
      counts.set(value, known);
    }
  }
  return counts;
}
