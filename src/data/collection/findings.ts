/** @file The findings of an inspection that all media have: plain data. Browser-safe. */

import type { FileProblem, Task } from "./collection.ts";
import type { LabelConflict, SplitCheck } from "./split/check-split.ts";

/** The findings about a collection; `P` are the problems of its files, `D` its pairs of duplicates. */
export interface Findings<P extends FileProblem, D> {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly task: Task;
  readonly problems: readonly P[];
  /** Notes for users of the data, each a sentence. */
  readonly notes: readonly string[];
  /** Undefined where they were not looked for. */
  readonly duplicates?: readonly D[];
  readonly conflicts: readonly LabelConflict[];
  /** Undefined where there can be no split. */
  readonly split?: SplitCheck;
  /** Why there can be no split. */
  readonly splitProblem?: string;
}
