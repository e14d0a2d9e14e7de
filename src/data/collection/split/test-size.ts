/** @file Whether a test part is large enough to tell anything. Browser-safe. */

import type { Collection } from "../collection.ts";
import { nameSome } from "../in-words.ts";
import { SOUND_WORDS } from "../words.ts";
import type { SplitReport } from "./report.ts";

/** The normal distribution has 2.5 % above it. */
const NORMAL_975 = 1.959963984540054;

/** The lower end of Wilson's 95 % interval where all of `count` examples are answered rightly; the upper end is 1. */
export function leastIfAllRight(count: number): number {
  return count / (count + NORMAL_975 ** 2);
}

/**
 * The fewest test examples with which even the best result leaves open no more than ten points of accuracy: 35. With fewer,
 * a model that is never wrong cannot be told from one that is wrong once in ten times.
 */
const LEAST_EXAMPLES = Math.ceil((0.9 / (1 - 0.9)) * NORMAL_975 ** 2);

/** The same of a class, with half of all points: 4. */
const LEAST_OF_CLASS = Math.ceil(NORMAL_975 ** 2);

/** A larger share of the examples is taken from training only unwillingly. */
const LARGE_SHARE = 0.2;

/** So a class with fewer examples, 20, is not tested by a larger share, but by every example being in the test part once. */
const LEAST_TO_SHARE = LEAST_OF_CLASS / LARGE_SHARE;

/** The words for the things that are judged; default: those of sound. */
type Judged = Pick<Collection, "task" | "classNames"> & Partial<Pick<Collection, "words">>;

/**
 * Says in a sentence that a test part is too small to judge a model by, what such a test can tell, and what would be
 * better; undefined where it is large enough, or empty.
 */
export function noteTestSize(
  { task, classNames, words = SOUND_WORDS }: Judged,
  { origin, parts }: Pick<SplitReport, "origin" | "parts">,
): string | undefined {
  const { clips, byClass } = parts.test;
  if (clips === 0) return undefined;
  const total = parts.train.clips + parts.validation.clips + clips;
  const totalOf = (index: number) =>
    byClass[index] + parts.train.byClass[index] + parts.validation.byClass[index];
  const small =
    task === "classification"
      ? classNames.filter(
          (_, i) => byClass[i] < LEAST_OF_CLASS && totalOf(i) > 0 && totalOf(i) < LEAST_TO_SHARE,
        )
      : [];
  const proposals = [
    ...(origin === "random" && clips < LEAST_EXAMPLES && small.length === 0 && LARGE_SHARE * total > clips
      ? ["a larger share (--split 0.6/0.2/0.2)"]
      : []),
    origin === "fold"
      ? "the mean over all folds"
      : "cross-validation (--fold 1/5 to 5/5, and the mean of the results)",
  ];
  const better = `Better: ${proposals.join(" or ")}`;
  if (clips < LEAST_EXAMPLES) {
    const what = `The test part has ${clips} ${clips === 1 ? words.example : words.examples}, too few for a reliable result`;
    const told =
      task === "classification"
        ? `: even ${clips} of ${clips} classified correctly mean ${reach(clips)}`
        : "";
    return `${what}${told}. ${better}`;
  }
  if (small.length === 0) return undefined;
  const most = Math.max(...small.map((name) => byClass[classNames.indexOf(name)]));
  if (most === 0)
    return `The test part has no ${words.example} of ${nameSome(small)}: there are too few of them. ${better}`;
  return (
    `The test part has at most ${most} ${most === 1 ? words.example : words.examples} of ${nameSome(small)}, too few for a reliable result: of ` +
    `these, even ${most} of ${most} classified correctly mean ${reach(most)}. ${better}`
  );
}

function reach(count: number): string {
  return `an accuracy between ${Math.floor(100 * leastIfAllRight(count))} and 100 % (95 % interval)`;
}
