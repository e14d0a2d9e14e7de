/** @file Runs: training with everything kept in a folder, to go on with, to test and to predict with. Node only. */

export { loadRun, type LoadedRun } from "./load-run.ts";
export { readMetrics, type EpochMetrics } from "./metrics-log.ts";
export type { BatchProgress, RunInfo, TrainingObserver } from "./observer.ts";
export {
  evaluateRun,
  predictFiles,
  predictTestExamples,
  type EvaluateOptions,
  type Evaluation,
  type Prediction,
} from "./predict-run.ts";
export { readRunConfig, type RunConfig } from "./run-config.ts";
export { hasRun, newestUnfinishedRun } from "./run-folder.ts";
export { readResult, type RunResult } from "./run-result.ts";
export { resumeRun, startRun, type ResumeRequest, type RunRequest } from "./start-run.ts";
export type { TestResult } from "./test-result.ts";
export type { RunControls, RunOutcome } from "./train-in-folder.ts";
export { auricleVersion } from "./versions.ts";
