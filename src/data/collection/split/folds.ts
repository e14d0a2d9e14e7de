/** @file Cross-validation: each part of the data is the test part once. Browser-safe. */

import { AuricleError } from "../../../errors.ts";
import { checkOptionList, checkOptions, type OptionNames } from "../../../options.ts";
import type { Collection, Example, ExampleLink } from "../collection.ts";
import { assignUnits } from "./assign.ts";
import {
  distribute,
  type CollectionSplit,
  type SplitCollectionOptions,
  SPLIT_OPTIONS,
} from "./split-collection.ts";
import { strataOf } from "./strata.ts";
import { unitsOf } from "./units.ts";

export interface FoldOptions {
  /** Same seed, same folds. Default 0. */
  readonly seed?: number;
  /** Pairs that hold the same recording or picture: they, and the groups of both, stay together. Default none. */
  readonly links?: readonly ExampleLink[];
  /** Take the folds of the data's authors where they made some. Default true. */
  readonly official?: boolean;
}

const FOLD_OPTIONS: OptionNames<FoldOptions> = { seed: true, links: true, official: true };

/**
 * The fold of each example, 0 … k-1: the authors' own, otherwise at random, by group and stratified.
 * @param k how many; undefined: as many as the authors made, else 5.
 * @throws AuricleError "argument" when k is not the authors' number of folds, "data" for fewer groups than folds.
 */
export function foldsOf(
  collection: Collection,
  k: number | undefined,
  options: FoldOptions = {},
): Int32Array {
  checkOptions("foldsOf", options, FOLD_OPTIONS, "collection, k, ");
  const { seed = 0, links = [], official = true } = options;
  const { name, examples, words, folds } = collection;
  if (folds && official) {
    const count = Math.max(...folds) + 1;
    if (k === undefined || k === count) return Int32Array.from(folds);
    throw new AuricleError(
      "argument",
      `folds of "${name}": its authors made ${count}; got k = ${k}. Use theirs or make your own (official: false)`,
    );
  }
  const count = k ?? 5;
  if (!Number.isInteger(count) || count < 2) {
    throw new AuricleError(
      "argument",
      `folds of "${name}": k must be a whole number of at least 2; got ${count}`,
    );
  }
  const units = unitsOf(examples, { byGroup: true, links });
  if (units.length < count) {
    throw new AuricleError(
      "data",
      `folds of "${name}": ${count} folds need at least as many groups of ${words.examples}; its ${examples.length} ${words.examples} make ` +
        `${units.length}. Use fewer folds or add ${words.files}`,
    );
  }
  const partOf = assignUnits({
    units,
    strata: strataOf(collection),
    fractions: new Array<number>(count).fill(1 / count),
    completePart: undefined,
    seed,
  });
  const foldOf = new Int32Array(examples.length);
  units.forEach((unit, i) => unit.forEach((example) => (foldOf[example] = partOf[i])));
  return foldOf;
}

/**
 * One round of cross-validation: fold number `fold` is the test part, a share of the rest validates, by group and
 * stratified. Only the ratio of training to validation counts among the fractions. Where the folds are not the authors'
 * own, known examples are left out of the test part.
 * @throws AuricleError "argument" for a fold without examples; otherwise as {@link splitCollection} does.
 */
export function splitByFold<E extends Example>(
  collection: Collection<E>,
  folds: Int32Array,
  fold: number,
  options: Omit<SplitCollectionOptions, "official"> = {},
): CollectionSplit<E> {
  checkOptionList(
    "splitByFold",
    options,
    Object.keys(SPLIT_OPTIONS).filter((name) => name !== "official"),
    "collection, folds, fold, ",
  );
  const { name, examples, words } = collection;
  const areOfficial = collection.folds?.every((one, i) => one === folds[i]) ?? false;
  if (folds.length !== examples.length || !folds.includes(fold)) {
    throw new AuricleError(
      "argument",
      `split "${name}": the fold of each of its ${examples.length} ${words.examples} is needed, and one to test on; got ` +
        `${folds.length} folds, ${folds.includes(fold) ? "" : "none of them "}${fold}`,
    );
  }
  return distribute(
    collection,
    {
      fixed: (_, index) => (folds[index] === fold ? "test" : undefined),
      open: ["train", "validation"],
      origin: "fold",
      fold,
      leavesOutKnown: !areOfficial,
    },
    options,
  );
}
