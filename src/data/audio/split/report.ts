/** @file What a split is, for reports. Browser-safe. */

import type { AudioClip, AudioCollection, SplitRole } from "../collection.ts";
import type { Leak } from "./leaks.ts";
import { SPLIT_ROLES, type SplitFractions, type SplitParts } from "./parts.ts";

export interface PartReport {
  readonly clips: number;
  /** How many groups its clips are of. */
  readonly groups: number;
  /** Clips of each class or tag, in the order of the collection's names; empty in a regression. */
  readonly byClass: readonly number[];
}

/** Plain data, so that it can be written as JSON. */
export interface SplitReport {
  /** Whether the data's authors, one of several folds or chance decided what is tested. */
  readonly origin: "official" | "fold" | "random";
  /** From 0; where `origin` is "fold". */
  readonly fold?: number;
  /** In words: how it was made. */
  readonly method: string;
  readonly seed: number;
  readonly parts: Readonly<Record<SplitRole, PartReport>>;
  /** What parts share; empty unless the split was forced or the authors' own split is known to share it. */
  readonly leaks: readonly Leak[];
  /** What to bear in mind when reading results, each a sentence. */
  readonly warnings: readonly string[];
}

export interface SplitFacts {
  readonly origin: SplitReport["origin"];
  readonly fold?: number;
  /** The parts that were filled by chance. */
  readonly taken: readonly SplitRole[];
  readonly fractions: SplitFractions;
  readonly seed: number;
  readonly stratify: boolean;
  readonly byGroup: boolean;
  /** How many links were heeded. */
  readonly links: number;
  readonly leaks: readonly Leak[];
  readonly officialLeaks?: string;
}

export function reportSplit(collection: AudioCollection, parts: SplitParts, facts: SplitFacts): SplitReport {
  const { origin, fold, seed, leaks, officialLeaks } = facts;
  const partReports = {
    train: reportPart(collection, parts.train),
    validation: reportPart(collection, parts.validation),
    test: reportPart(collection, parts.test),
  };
  return {
    origin,
    ...(fold !== undefined && { fold }),
    method: describeMethod(facts),
    seed,
    parts: partReports,
    leaks,
    warnings: [...warnOfLeaks(leaks, officialLeaks), ...warnOfMissing(collection, partReports)],
  };
}

function reportPart({ task, classNames }: AudioCollection, clips: readonly AudioClip[]): PartReport {
  const byClass = task === "regression" ? [] : new Array<number>(classNames.length).fill(0);
  for (const { target } of clips)
    byClass.forEach((_, index) => (byClass[index] += target[index] > 0 ? 1 : 0));
  return { clips: clips.length, groups: new Set(clips.map(({ group }) => group)).size, byClass };
}

function describeMethod({
  origin,
  fold,
  taken,
  fractions,
  seed,
  stratify,
  byGroup,
  links,
}: SplitFacts): string {
  const how = [
    byGroup ? "by group" : "by clip",
    ...(stratify ? ["stratified"] : []),
    ...(links > 0 ? [`${links} ${links === 1 ? "pair" : "pairs"} of duplicates kept together`] : []),
    `seed ${seed}`,
  ].join(", ");
  if (origin === "random") return `at random (${fractions.join(" / ")}), ${how}`;
  const start = fold === undefined ? "official" : `fold ${fold + 1} held out for the test`;
  const others = taken.filter((role) => role !== "train");
  return others.length === 0
    ? start
    : `${start}; ${others.join(" and ")} taken from the rest at random, ${how}`;
}

function warnOfLeaks({ length }: readonly Leak[], officialLeaks: string | undefined): string[] {
  if (length === 0) return [];
  if (officialLeaks !== undefined) return [officialLeaks];
  const what =
    length === 1
      ? "group, recording or pair of duplicates is"
      : "groups, recordings or pairs of duplicates are";
  return [
    `This split was forced: ${length} ${what} in more than one part. Its results are better than they would be on ` +
      `new recordings.`,
  ];
}

function warnOfMissing({ classNames }: AudioCollection, parts: SplitReport["parts"]): string[] {
  return SPLIT_ROLES.flatMap((role) => {
    const { clips, byClass } = parts[role];
    const missing = classNames.filter((_, index) => byClass[index] === 0);
    if (clips === 0 || missing.length === 0) return [];
    const shown = missing.slice(0, 5).map((name) => JSON.stringify(name));
    const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
    return [
      `The ${role} part has no clip of ${shown.join(", ")}${more}: its results say nothing about them.`,
    ];
  });
}
