/** @file Runs: training with everything kept in a folder, to go on with, to test and to predict with. Node only. */

export type { AccuracyCost } from "./accuracy-cost.ts";
export type { RunDiagnosis } from "./diagnosis.ts";
export { kindOfData } from "./data-kind.ts";
export { readMetrics, type EpochMetrics } from "./metrics-log.ts";
export type { BatchProgress, PreparationProgress, RunInfo, TrainingObserver } from "./observer.ts";
export {
  evaluateRun,
  predictFiles,
  predictTestExamples,
  type EvaluateOptions,
  type Evaluation,
  type Prediction,
} from "./predict-run.ts";
export { readRunConfig, type RunConfig } from "./run-config.ts";
export { findRun, hasRun, newestUnfinishedRun } from "./run-folder.ts";
export { readResult, type RunResult } from "./run-result.ts";
export { resumeRun, startRun, type ResumeRequest, type RunRequest } from "./start-run.ts";
export type { TestResult } from "./test-result.ts";
export type { RunControls, RunOutcome } from "./train-in-folder.ts";
export { quoted } from "./shell-words.ts";
export { auricleVersion } from "./versions.ts";
export {
  evaluateSoundRun,
  type HeardClips,
  type SoundAccuracyCost,
  type SoundEvaluation,
} from "./sound/evaluate-sound-run.ts";
export { REPORT_NAME } from "./sound/finish-sound-run.ts";
export { predictRecordings, type RecordingPrediction } from "./sound/predict-recordings.ts";
export {
  keptFeatures,
  limitFeatures,
  releaseFeatures,
  shrinkFeatures,
  type KeptFeatures,
  type KeptGroup,
} from "./feature-cache.ts";
export { describeInitialLoss, type InitialLoss } from "./initial-loss.ts";
export { openTrainedModel, type TrainedModel } from "./trained-model.ts";
export { trainSeeds } from "./sound/seeds.ts";
export { OPTION_GROUPS, type KindName } from "./options/option.ts";
export { formatRecipeFile, readRecipeFile } from "./options/recipe-file.ts";
export { recipeFor, recipeNames } from "./options/recipes.ts";
export {
  appliesTo,
  OPTION_NAMES,
  rowOf,
  valuesOfRun,
  type TrainingValues,
} from "./options/training-values.ts";
export type { OptionName } from "./options/table.ts";
export { isSoundRun, type SoundConfig } from "./sound/sound-config.ts";
export { figuresOf, type EvaluationFigures, type SoundResult } from "./sound/sound-result.ts";
export type { SeedsOutcome, SoundControls, SoundOutcome, SoundRequest } from "./sound/sound-run.ts";
export { planSoundRun, resumeSoundRun, startSoundRun } from "./sound/start-sound-run.ts";
export { fraction, positiveNumber, shares, wholeNumber, type ValueType } from "./options/values.ts";
