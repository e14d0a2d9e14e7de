/** @file The effect of a split on duplicates, and duplicates that are labelled differently. Browser-safe. */

import { AuricleError } from "../../../errors.ts";
import type { Collection, Example, ExampleLink, SplitRole } from "../collection.ts";
import { findLeaks, type Leak } from "./leaks.ts";
import { linkedTo } from "./linked.ts";
import type { SplitFractions, SplitParts } from "./parts.ts";
import { untrainedClasses, type SplitReport, type UntrainedClass } from "./report.ts";
import { splitCollection } from "./split-collection.ts";

/** Two examples that hold the same, but are labelled differently. */
export interface LabelConflict {
  readonly a: string;
  readonly b: string;
  /** Names of classes or tags, or numbers, in words. */
  readonly labelOfA: string;
  readonly labelOfB: string;
}

/** The effect of a split on the duplicates. */
export interface SplitCheck {
  /** With the duplicates kept together where the split is ours to make. */
  readonly report: Pick<SplitReport, "origin" | "method" | "parts" | "warnings">;
  /** Classes or tags that are tested, but that training has no example of. */
  readonly untrained: readonly UntrainedClass[];
  /** The leaks between its parts. */
  readonly leaks: readonly Leak[];
  /** The leaks there would be were the duplicates unknown. */
  readonly leaksUnlessLinked: readonly Leak[];
  /** The numbers of validation and test examples that would then have a duplicate in training. */
  readonly leakedClips: Readonly<Record<Exclude<SplitRole, "train">, number>>;
}

/** As for training. */
export interface SplitCheckOptions {
  /** Default 0.85, 0.10, 0.05. */
  readonly fractions?: SplitFractions;
  /** Default 0. */
  readonly seed?: number;
  /** Default true. */
  readonly official?: boolean;
}

/** Compares a collection's split with its duplicates known to that without. @returns why there can be none */
export function checkSplit(
  collection: Collection,
  links: readonly ExampleLink[],
  options: SplitCheckOptions,
): SplitCheck | string {
  try {
    const { report, ...parts } = splitCollection(collection, { ...options, links, force: true });
    const blind = splitCollection(collection, { ...options, force: true });
    const { origin, method, parts: partReports, warnings } = report;
    return {
      report: { origin, method, parts: partReports, warnings },
      untrained: collection.task === "regression" ? [] : untrainedClasses(collection.classNames, partReports),
      leaks: findLeaks(parts, links),
      leaksUnlessLinked: findLeaks(blind, links),
      leakedClips: countLeaked(blind, links),
    };
  } catch (error) {
    if (error instanceof AuricleError) return error.message;
    throw error;
  }
}

/** How many examples have a duplicate in training, directly or by others. */
function countLeaked(parts: SplitParts, links: readonly ExampleLink[]): SplitCheck["leakedClips"] {
  const paired = new Set(links.flatMap(({ a, b }) => [a, b]));
  const reached = linkedTo(
    parts.train.map(({ id }) => id).filter((id) => paired.has(id)),
    links,
  );
  const count = (examples: readonly Example[]) => examples.filter(({ id }) => reached.has(id)).length;
  return { validation: count(parts.validation), test: count(parts.test) };
}

/** Pairs of duplicates whose labels differ. */
export function findConflicts(
  { task, classNames, examples }: Collection,
  links: readonly ExampleLink[],
): LabelConflict[] {
  const exampleOf = new Map(examples.map((example) => [example.id, example]));
  const describe = ({ target }: Example) => {
    if (task === "regression") return classNames.map((name, i) => `${name} ${target[i]}`).join(", ");
    return classNames.filter((_, i) => target[i] > 0).join(", ") || "none";
  };
  return links.flatMap(({ a, b }) => {
    const [exampleA, exampleB] = [exampleOf.get(a), exampleOf.get(b)];
    if (!exampleA || !exampleB || exampleA.target.every((value, i) => value === exampleB.target[i]))
      return [];
    return [{ a, b, labelOfA: describe(exampleA), labelOfB: describe(exampleB) }];
  });
}
