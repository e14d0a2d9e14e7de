/** @file Examples with labels, whatever the medium, before anything is decoded. Browser-safe. */

import type { MediumWords } from "./words.ts";

/** The part of the data that an example belongs to. */
export type SplitRole = "train" | "validation" | "test";

/** The kind of prediction that a model makes for an example. */
export type Task =
  /** One of several classes. */
  | "classification"
  /** Any number of several tags, also none. */
  | "tagging"
  /** Numbers. */
  | "regression";

/** One recording or picture with its true answer. */
export interface Example {
  /** Unique and stable: begins with the path below the collection's folder, with `/`. */
  readonly id: string;
  /** The path of the file, absolute. */
  readonly path: string;
  /**
   * Where a file is an archive of examples that have nothing else in common, as an IDX file is: the example's place in
   * it, from 0. Examples of one file without it are parts of one thing.
   */
  readonly index?: number;
  /**
   * The true answer. A classification has `[classes]` with one 1 and a tagging `[classes]` of 0 and 1; a regression
   * has its numbers.
   */
  readonly target: Float32Array;
  /** The class index in a classification; -1 otherwise. */
  readonly label: number;
  /** Examples with the same group never come apart in a split: the recording, artist, kit, speaker. */
  readonly group: string;
  /** Where the data's authors put it, if they did. */
  readonly split: SplitRole | undefined;
}

/** A problem with one file. */
export interface FileProblem {
  /** Absolute. */
  readonly path: string;
  /** In a few words: "empty file", "no samples could be decoded", … */
  readonly problem: string;
}

/** A data set of examples of one medium. */
export interface Collection<E extends Example = Example> {
  readonly name: string;
  /** Absolute; examples' ids are relative to it. */
  readonly folder: string;
  readonly task: Task;
  /** The names of the classes or tags, or of the numbers in a regression. */
  readonly classNames: readonly string[];
  /** The words that messages use for its files and its examples. */
  readonly words: MediumWords;
  readonly examples: readonly E[];
  /** Problems found while the list was made; none of these files is among the examples. */
  readonly problems: readonly FileProblem[];
  /** Notes for users of the data, each a sentence: what was left out and why. */
  readonly notes?: readonly string[];
  /** Why parts of its authors' own split share groups, where they do: such a split is not refused, only reported. */
  readonly officialLeaks?: string;
  /** Where the data's authors divided it for cross-validation: the fold of each example, from 0. */
  readonly folds?: readonly number[];
}

/** Two examples, by their ids, that hold the same recording or picture, or parts of it. */
export interface ExampleLink {
  readonly a: string;
  readonly b: string;
}
