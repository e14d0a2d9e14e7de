/** @file Recordings as data. Browser-safe: what finds and reads files is in open.ts, for Node. */

export type { AudioClip, AudioCollection, ClipLink, FileProblem, SplitRole, Task } from "./collection.ts";
export { foldsOf, splitByFold, type FoldOptions } from "./split/folds.ts";
export { rolesBefore, type KnownClips, type KnownRole } from "./split/known-clips.ts";
export { describeLeak, findLeaks, type Leak } from "./split/leaks.ts";
export { DEFAULT_FRACTIONS, SPLIT_ROLES, type SplitFractions, type SplitParts } from "./split/parts.ts";
export {
  nameUntrained,
  untrainedClasses,
  type PartReport,
  type SplitReport,
  type UntrainedClass,
} from "./split/report.ts";
export { nameProblems, nameSome } from "./in-words.ts";
export { noteTestSize } from "./split/test-size.ts";
export {
  splitCollection,
  type CollectionSplit,
  type SplitCollectionOptions,
} from "./split/split-collection.ts";
