/** @file A split of which only some training examples are taken. Browser-safe. */

import { AuricleError } from "../../../errors.ts";
import { deriveKey, Generator } from "../../../random/generator.ts";
import type { Collection, Example } from "../collection.ts";
import { reportPart } from "./report.ts";
import type { CollectionSplit } from "./split-collection.ts";

/**
 * Takes some examples of the training part, at random: the first of each class, then others.
 * @throws AuricleError "argument" where there are fewer.
 */
export function limitTraining<E extends Example>(
  collection: Collection<E>,
  split: CollectionSplit<E>,
  size: number,
  seed: number,
): CollectionSplit<E> {
  const { train, report } = split;
  const { words } = collection;
  if (size > train.length) {
    throw new AuricleError(
      "argument",
      `train: the training size must be at most ${train.length}, the number of ${words.examples} left for training; got ${size}`,
    );
  }
  const order = train.map((_, i) => i);
  new Generator(deriveKey(seed, "train-size")).shuffle(order);
  const seen = new Set<number>();
  const isFirst = new Set(order.filter((i) => !seen.has(train[i].label) && seen.add(train[i].label)));
  const chosen = [...isFirst, ...order.filter((i) => !isFirst.has(i))].slice(0, size).sort((a, b) => a - b);
  const some = chosen.map((i) => train[i]);
  return {
    ...split,
    train: some,
    report: {
      ...report,
      method: `${report.method}; ${size} of ${train.length} training ${words.examples} taken at random`,
      parts: { ...report.parts, train: reportPart(collection, some) },
    },
  };
}
