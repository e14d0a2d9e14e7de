/** @file The description of a split, for reports. Browser-safe. */

import type { Collection, Example, SplitRole } from "../collection.ts";
import { nameSome } from "../in-words.ts";
import type { MediumWords } from "../words.ts";
import type { Leak } from "./leaks.ts";
import { SPLIT_ROLES, type SplitFractions, type SplitParts } from "./parts.ts";

export interface PartReport {
  /** How many examples it has. */
  readonly clips: number;
  /** How many groups its examples are of. */
  readonly groups: number;
  /** Examples of each class or tag, in the order of the collection's names; empty in a regression. */
  readonly byClass: readonly number[];
}

/** Plain data, so that it can be written as JSON. */
export interface SplitReport {
  /** Whether the data's authors, one of several folds or chance decided the test part. */
  readonly origin: "official" | "fold" | "random";
  /** From 0; where `origin` is "fold". */
  readonly fold?: number;
  /** In words: how it was made. */
  readonly method: string;
  readonly seed: number;
  readonly parts: Readonly<Record<SplitRole, PartReport>>;
  /**
   * Where training begins with other weights: how many examples these were trained on, and how many they were chosen by,
   * together with those that must stay with such examples.
   */
  readonly known?: { readonly train: number; readonly validation: number };
  /** The leaks between parts; empty unless the split was forced or the authors' own split has known ones. */
  readonly leaks: readonly Leak[];
  /** Warnings to bear in mind when reading results, each a sentence. */
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
  readonly known?: SplitReport["known"];
}

export function reportSplit(collection: Collection, parts: SplitParts, facts: SplitFacts): SplitReport {
  const { words } = collection;
  const { origin, fold, seed, leaks, officialLeaks, known } = facts;
  const partReports = {
    train: reportPart(collection, parts.train),
    validation: reportPart(collection, parts.validation),
    test: reportPart(collection, parts.test),
  };
  return {
    origin,
    ...(fold !== undefined && { fold }),
    method: describeMethod(facts, words),
    seed,
    parts: partReports,
    ...(known && { known }),
    leaks,
    warnings: [...warnOfLeaks(leaks, officialLeaks, words), ...warnOfMissing(collection, partReports)],
  };
}

export function reportPart({ task, classNames }: Collection, examples: readonly Example[]): PartReport {
  const byClass = task === "regression" ? [] : new Array<number>(classNames.length).fill(0);
  for (const { target } of examples)
    byClass.forEach((_, index) => (byClass[index] += target[index] > 0 ? 1 : 0));
  return { clips: examples.length, groups: new Set(examples.map(({ group }) => group)).size, byClass };
}

function describeMethod(
  { origin, fold, taken, fractions, seed, stratify, byGroup, links, known }: SplitFacts,
  words: MediumWords,
): string {
  const how = [
    byGroup ? "by group" : `by ${words.example}`,
    ...(stratify ? ["stratified"] : []),
    ...(links > 0 ? [`${links} ${links === 1 ? "pair" : "pairs"} of duplicates kept together`] : []),
    ...(known
      ? [
          `${known.train + known.validation} ${words.examples} known to the initial weights kept out of the test`,
        ]
      : []),
    `seed ${seed}`,
  ].join(", ");
  if (origin === "random") return `at random (${fractions.join(" / ")}), ${how}`;
  const start = fold === undefined ? "official" : `fold ${fold + 1} held out for the test`;
  const others = taken.filter((role) => role !== "train");
  return others.length === 0
    ? start
    : `${start}; ${others.join(" and ")} taken from the rest at random, ${how}`;
}

function warnOfLeaks(
  leaks: readonly Leak[],
  officialLeaks: string | undefined,
  { file, files, examples }: MediumWords,
): string[] {
  const known = leaks.filter(({ kind }) => kind === "known").length;
  const shared = leaks.length - known;
  const better = `Its results are too optimistic for new ${files}.`;
  const what =
    shared === 1 ? `group, ${file} or pair of duplicates is` : `groups, ${files} or pairs of duplicates are`;
  return [
    ...(shared > 0
      ? [officialLeaks ?? `This split was forced: ${shared} ${what} in more than one part. ${better}`]
      : []),
    ...(known > 0
      ? [
          `This split was forced: the initial weights were trained or selected on ${known} of its test and validation ` +
            `${examples}. ${better}`,
        ]
      : []),
  ];
}

/** A class or tag that a model cannot learn, since training has no example of it, though other parts do. */
export interface UntrainedClass {
  readonly name: string;
  /** How many examples the parts have that it is tested on. */
  readonly clips: Readonly<Record<Exclude<SplitRole, "train">, number>>;
}

export function untrainedClasses(
  classNames: readonly string[],
  { train, validation, test }: SplitReport["parts"],
): UntrainedClass[] {
  return classNames.flatMap((name, index) => {
    const clips = { validation: validation.byClass[index], test: test.byClass[index] };
    return train.byClass[index] === 0 && clips.validation + clips.test > 0 ? [{ name, clips }] : [];
  });
}

/** As many as a sentence names. */
const NAMED = 5;

/** `"rain" (validation 2, test 3), "wind" (test 1) and 3 more` */
export function nameUntrained(untrained: readonly UntrainedClass[]): string {
  const named = untrained.slice(0, NAMED).map(({ name, clips }) => {
    const counts = (["validation", "test"] as const).filter((role) => clips[role] > 0);
    return `${JSON.stringify(name)} (${counts.map((role) => `${role} ${clips[role]}`).join(", ")})`;
  });
  return `${named.join(", ")}${untrained.length > NAMED ? ` and ${untrained.length - NAMED} more` : ""}`;
}

function warnOfMissing(
  { task, classNames, words: { example } }: Collection,
  parts: SplitReport["parts"],
): string[] {
  if (task === "regression") return [];
  const untrained = untrainedClasses(classNames, parts);
  const nowhere = classNames.filter((_, index) =>
    SPLIT_ROLES.every((role) => parts[role].byClass[index] === 0),
  );
  const untested = (["validation", "test"] as const).flatMap((role) => {
    const { clips, byClass } = parts[role];
    const missing = classNames.filter((_, index) => byClass[index] === 0 && parts.train.byClass[index] > 0);
    if (clips === 0 || missing.length === 0) return [];
    return [`The ${role} part has no ${example} of ${nameSome(missing)}: its results do not cover them.`];
  });
  return [
    ...(untrained.length > 0
      ? [
          `Training has no ${example} of ${nameUntrained(untrained)}: the model cannot learn them, and results on them ` +
            "are meaningless.",
        ]
      : []),
    ...(nowhere.length > 0
      ? [`No part has any ${example} of ${nameSome(nowhere)}: the model cannot learn them.`]
      : []),
    ...untested,
  ];
}
