/** @file Recordings as data. Browser-safe: what finds and reads files is in open.ts, for Node. */

export type { AudioClip, AudioCollection } from "./collection.ts";
export type { ClipLink, FileProblem, SplitRole, Task } from "../collection/collection.ts";
export { foldsOf, splitByFold, type FoldOptions } from "../collection/split/folds.ts";
export { rolesBefore, type KnownClips, type KnownRole } from "../collection/split/known-clips.ts";
export { describeLeak, findLeaks, type Leak } from "../collection/split/leaks.ts";
export {
  DEFAULT_FRACTIONS,
  SPLIT_ROLES,
  type SplitFractions,
  type SplitParts,
} from "../collection/split/parts.ts";
export {
  nameUntrained,
  untrainedClasses,
  type PartReport,
  type SplitReport,
  type UntrainedClass,
} from "../collection/split/report.ts";
export { nameProblems, nameSome } from "../collection/in-words.ts";
export { noteTestSize } from "../collection/split/test-size.ts";
export {
  splitCollection,
  type CollectionSplit,
  type SplitCollectionOptions,
} from "../collection/split/split-collection.ts";
