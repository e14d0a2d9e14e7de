/** @file The data doctor: the content of a collection of recordings, its problems and duplicates. Browser-safe. */

export type { LabelConflict, SplitCheck, SplitCheckOptions } from "../../collection/split/check-split.ts";
export type { NumberSummary, ValueCount } from "../../collection/summary.ts";
export type { DuplicatePair } from "./duplicate-pair.ts";
export { findDuplicates } from "./find-duplicates.ts";
export { SILENCE_IN_WORDS } from "./silence.ts";
export { inspectCollection, type InspectOptions } from "./inspect-collection.ts";
export {
  PROBLEM_KINDS,
  type ClassSummary,
  type CollectionSummary,
  type DurationSummary,
  type Inspection,
  type InspectionProblem,
  type ProblemKind,
} from "./inspection.ts";
export type { MeasureOptions } from "./measure/measure-files.ts";
