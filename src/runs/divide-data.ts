/** @file Divides a run's data as its configuration says. Browser-safe. */

import {
  foldsOf,
  splitByFold,
  splitCollection,
  type Collection,
  type CollectionSplit,
  type Example,
  type ExampleLink,
  type KnownExamples,
} from "../data/audio/index.ts";
import type { TrainingConfig } from "./training-config.ts";

/**
 * Divides a collection as a configuration says; recordings that sound alike stay together.
 * @param known by the weights that training begins with, where these are not new
 */
export function divide<E extends Example>(
  collection: Collection<E>,
  { fractions, official, fold, seed, force }: TrainingConfig["split"],
  links: readonly ExampleLink[],
  known: KnownExamples | undefined,
): CollectionSplit<E> {
  const options = { fractions, seed, force, links, ...(known && { known }) };
  if (fold === null) return splitCollection(collection, { ...options, official });
  const folds = foldsOf(collection, fold.of, { seed, links, official });
  return splitByFold(collection, folds, fold.number, options);
}
