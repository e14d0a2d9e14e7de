/** @file The effect of a split on duplicates, and duplicates that are labelled differently. Browser-safe. */

import { AuricleError } from "../../../errors.ts";
import type { AudioClip, AudioCollection } from "../collection.ts";
import type { Example, ExampleLink } from "../../collection/collection.ts";
import { findLeaks } from "../../collection/split/leaks.ts";
import { linkedTo } from "../../collection/split/linked.ts";
import type { SplitFractions, SplitParts } from "../../collection/split/parts.ts";
import { untrainedClasses } from "../../collection/split/report.ts";
import { splitCollection } from "../../collection/split/split-collection.ts";
import type { LabelConflict, SplitCheck } from "./inspection.ts";

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
  collection: AudioCollection,
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

/** How many clips have a duplicate in training, directly or by others. */
function countLeaked(parts: SplitParts, links: readonly ExampleLink[]): SplitCheck["leakedClips"] {
  const paired = new Set(links.flatMap(({ a, b }) => [a, b]));
  const reached = linkedTo(
    parts.train.map(({ id }) => id).filter((id) => paired.has(id)),
    links,
  );
  const count = (clips: readonly Example[]) => clips.filter(({ id }) => reached.has(id)).length;
  return { validation: count(parts.validation), test: count(parts.test) };
}

/** Pairs of duplicates whose labels differ. */
export function findConflicts(
  { task, classNames, clips }: AudioCollection,
  links: readonly ExampleLink[],
): LabelConflict[] {
  const clipOf = new Map(clips.map((clip) => [clip.id, clip]));
  const describe = ({ target }: AudioClip) => {
    if (task === "regression") return classNames.map((name, i) => `${name} ${target[i]}`).join(", ");
    return classNames.filter((_, i) => target[i] > 0).join(", ") || "none";
  };
  return links.flatMap(({ a, b }) => {
    const [clipA, clipB] = [clipOf.get(a), clipOf.get(b)];
    if (!clipA || !clipB || clipA.target.every((value, i) => value === clipB.target[i])) return [];
    return [{ a, b, labelOfA: describe(clipA), labelOfB: describe(clipB) }];
  });
}
