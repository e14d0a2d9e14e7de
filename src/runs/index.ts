/** @file Runs: training with everything kept in a folder, to go on with, to test and to predict with. Node only. */

export type { RunDiagnosis } from "./diagnosis.ts";
export { readMetrics, type EpochMetrics } from "./metrics-log.ts";
export type { BatchProgress, PreparationProgress, RunInfo, TrainingObserver } from "./observer.ts";
export { findRun, hasRun, newestUnfinishedRun, RUN_FILE_NAMES, RUNS_FOLDER } from "./run-folder.ts";
export { quoted } from "./shell-words.ts";
export { evaluateRun, type AccuracyCost, type KnownCounts, type RunEvaluation } from "./evaluate-run.ts";
export { REPORT_NAME } from "./finish-run.ts";
export { predictRecordings, type RecordingPrediction } from "./sound/predict-recordings.ts";
export { predictPictures, type PicturePrediction } from "./images/predict-pictures.ts";
export { predictTested } from "./images/predict-tested.ts";
export {
  keptFeatures,
  limitFeatures,
  shrinkFeatures,
  type KeptFeatures,
  type KeptGroup,
} from "./feature-cache.ts";
export { describeInitialLoss, type InitialLoss } from "./initial-loss.ts";
export { openTrainedModel, type TrainedModel } from "./trained-model.ts";
export { trainSeeds } from "./seeds.ts";
export { OPTION_GROUPS, type KindName } from "./options/option.ts";
export { formatRecipeFile, readRecipeFile, SCHEMA_PLACE } from "./options/recipe-file.ts";
export { recipeFor, recipeNames } from "./options/recipes.ts";
export {
  appliesTo,
  OPTION_NAMES,
  rowOf,
  valuesOfRun,
  type TrainingValues,
} from "./options/training-values.ts";
export type { OptionName } from "./options/table.ts";
export { kindOfData, readRun } from "./kinds.ts";
export type { TrainingConfig } from "./training-config.ts";
export { figuresOf, PREDICTIONS_NAME, type EvaluationFigures, type RunResult } from "./run-result.ts";
export { openTestedExamples, type TestedExamples } from "./tested-examples.ts";
export { storedResults } from "./stored-results.ts";
export type { RunControls, RunOutcome, RunRequest, SeedsOutcome } from "./run-kind.ts";
export { planRun, resumeRun, startRun } from "./start-run.ts";
export { fraction, positiveNumber, shares, wholeNumber, type ValueType } from "./options/values.ts";
export { listRuns, type ListedRun, type ListedRuns } from "./list-runs.ts";
export { wordsOf } from "./options/repeat-command.ts";
export { isNetworkFile, modelTitle } from "./networks/network-path.ts";
export { openNetworkFile } from "./networks/open-network-file.ts";
export { dryRun, type DryRun } from "./trial/dry-run.ts";
export { learningRateTrial, type LearningRateOutcome } from "./trial/learning-rate.ts";
export { overfitTrial, type OverfitOutcome } from "./trial/overfit.ts";
export { METHODS_BY_KEY } from "./explain/methods.ts";
export { drawExplanation } from "./explain/draw-explanation.ts";
