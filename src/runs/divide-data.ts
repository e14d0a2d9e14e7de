/** @file Divides a run's data as its configuration says. Browser-safe. */

import {
  foldsOf,
  limitTraining,
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
  { fractions, official, fold, seed, force, trainSize }: TrainingConfig["split"],
  links: readonly ExampleLink[],
  known: KnownExamples | undefined,
): CollectionSplit<E> {
  const options = { fractions, seed, force, links, ...(known && { known }) };
  const divided =
    fold === null
      ? splitCollection(collection, { ...options, official })
      : splitByFold(
          collection,
          foldsOf(collection, fold.of, { seed, links, official }),
          fold.number,
          options,
        );
  return trainSize === null ? divided : limitTraining(collection, divided, trainSize, seed);
}
