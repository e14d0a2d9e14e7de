/** @file Recordings with labels, before anything is decoded. Browser-safe. */

import type { FileProblem, SplitRole, Task } from "../collection/collection.ts";

/** One recording, or a part of one. */
export interface AudioClip {
  /** Unique and stable: the path below the collection's folder, with `/`; `#start-end` in seconds for a part. */
  readonly id: string;
  /** The path of the file, absolute. */
  readonly path: string;
  /** In seconds; 0 for a whole file. */
  readonly start: number;
  /** In seconds; undefined: to the end of the file. */
  readonly end: number | undefined;
  /**
   * The true answer. A classification has `[classes]` with one 1 and a tagging `[classes]` of 0 and 1; a regression
   * has its numbers.
   */
  readonly target: Float32Array;
  /** The class index in a classification; -1 otherwise. */
  readonly label: number;
  /** Clips with the same group never come apart in a split: the recording, artist, kit, speaker. */
  readonly group: string;
  /** Where the data's authors put it, if they did. */
  readonly split: SplitRole | undefined;
}

/** A data set of recordings. */
export interface AudioCollection {
  readonly name: string;
  /** Absolute; clips' ids are relative to it. */
  readonly folder: string;
  readonly task: Task;
  /** The names of the classes or tags, or of the numbers in a regression. */
  readonly classNames: readonly string[];
  readonly clips: readonly AudioClip[];
  /** Problems found while the list was made; none of these files is among the clips. */
  readonly problems: readonly FileProblem[];
  /** Notes for users of the data, each a sentence: what was left out and why. */
  readonly notes?: readonly string[];
  /** Why parts of its authors' own split share groups, where they do: such a split is not refused, only reported. */
  readonly officialLeaks?: string;
  /** Where the data's authors divided it for cross-validation: the fold of each clip, from 0. */
  readonly folds?: readonly number[];
}
