/** @file Pictures with labels, before anything is decoded. Browser-safe. */

import { buildCollection, type BuildOptions } from "../collection/build.ts";
import type { Collection, Example } from "../collection/collection.ts";
import type { ExampleKind } from "../collection/entry.ts";
import { PICTURE_WORDS } from "../collection/words.ts";
import type { Dataset } from "../dataset.ts";

/** One picture: a file of its own or, where it has an `index`, one of the many in an archive. */
export type ImageExample = Example;

/** A data set of pictures. */
export interface ImageCollection extends Collection<ImageExample> {
  /**
   * The archives that examples with an `index` are in, by path: read at that index they give pixels of
   * [height, width, channels] on 0 … 1. Empty where each picture is a file.
   */
  readonly archives: ReadonlyMap<string, Dataset>;
}

export const IMAGES: ExampleKind<object, ImageExample> = {
  words: PICTURE_WORDS,
  describe: (_, example) => example,
};

/** A collection without the pictures that are not kept. */
export function filterPictures(
  collection: ImageCollection,
  keep: (picture: ImageExample) => boolean,
): ImageCollection {
  const { folds, examples } = collection;
  return {
    ...collection,
    examples: examples.filter(keep),
    ...(folds && { folds: folds.filter((_, i) => keep(examples[i])) }),
  };
}

/** @throws AuricleError "data" when nothing is left that a model could learn from. */
export function buildImageCollection(
  options: BuildOptions,
  archives: ImageCollection["archives"] = new Map(),
): ImageCollection {
  return { ...buildCollection(IMAGES, options), archives };
}
