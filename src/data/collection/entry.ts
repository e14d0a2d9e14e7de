/** @file Examples as a folder, a list or a data set's own files describe them. Browser-safe. */

import type { Example, SplitRole } from "./collection.ts";
import type { MediumWords } from "./words.ts";

/** One example as its source describes it. */
export interface Entry {
  /** The path below the collection's folder, with `/`. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** Where the file is an archive of examples that have nothing else in common: the place in it, from 0. */
  readonly index?: number;
  /** One class, or any number of tags. */
  readonly labels?: readonly string[];
  /** In a regression. */
  readonly numbers?: readonly number[];
  /** Default: its name, so that parts of one file are a group. */
  readonly group?: string;
  readonly split?: SplitRole;
  /** From 0. */
  readonly fold?: number;
}

/** How examples of a medium are made of entries, which have its own facts besides. */
export interface ExampleKind<F extends object, E extends Example> {
  readonly words: MediumWords;
  /** Adds what the medium has more than others; may change the id, where several examples come from one file. */
  describe(entry: Entry & F, example: Example): E;
}
