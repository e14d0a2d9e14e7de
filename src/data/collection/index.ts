/** @file Examples with labels, and their split, whatever the medium. Browser-safe. */

export type { Collection, Example, ExampleLink, FileProblem, SplitRole, Task } from "./collection.ts";
export { nameProblems, nameSome } from "./in-words.ts";
export { foldsOf, splitByFold, type FoldOptions } from "./split/folds.ts";
export { rolesBefore, type KnownExamples, type KnownRole } from "./split/known-examples.ts";
export { limitTraining } from "./split/limit-training.ts";
export { describeLeak, findLeaks, type Leak } from "./split/leaks.ts";
export { DEFAULT_FRACTIONS, SPLIT_ROLES, type SplitFractions } from "./split/parts.ts";
export {
  nameUntrained,
  untrainedClasses,
  type PartReport,
  type SplitReport,
  type UntrainedClass,
} from "./split/report.ts";
export { splitCollection, type SplitCollectionOptions } from "./split/split-collection.ts";
export { noteTestSize } from "./split/test-size.ts";
export type { MediumWords } from "./words.ts";
