/** @file The parts of runs that the command shows beside what a session does: options, words, drawings, and the cache. */

export type { RunDiagnosis } from "./diagnosis.ts";
export type { EpochMetrics } from "./metrics-log.ts";
export type { BatchProgress, PreparationProgress, RunInfo, TrainingObserver } from "./observer.ts";
export { hasRun, RUN_FILE_NAMES, RUNS_FOLDER } from "./run-folder.ts";
export { quoted } from "./shell-words.ts";
export {
  evaluateRun,
  type EvaluateOptions,
  type AccuracyCost,
  type KnownCounts,
  type RunEvaluation,
} from "./evaluate-run.ts";
export { REPORT_NAME } from "./finish-run.ts";
export { order, pictureJson, recordingJson, tagsOf, type ChooseTags } from "./answer-json.ts";
export type { RecordingPrediction } from "./sound/predict-recordings.ts";
export type { PicturePrediction } from "./images/predict-pictures.ts";
export {
  keptFeatures,
  limitFeatures,
  shrinkFeatures,
  type KeptFeatures,
  type KeptGroup,
} from "./feature-cache.ts";
export { describeInitialLoss } from "./initial-loss.ts";
export { openTrainedModel, type TrainedModel } from "./trained-model.ts";
export { withAbsolutePath, withAbsolutePaths } from "./options/absolute-paths.ts";
export { contradictionsIn } from "./options/contradictions.ts";
export { OPTION_GROUPS, type KindName } from "./options/option.ts";
export { formatRecipeFile, readRecipeFile, SCHEMA_PLACE } from "./options/recipe-file.ts";
export { recipeFor } from "./options/recipes.ts";
export { appliesTo, OPTION_NAMES, rowOf, type TrainingValues } from "./options/training-values.ts";
export type { OptionName } from "./options/table.ts";
export type { TrainingConfig } from "./training-config.ts";
export { figuresOf, PREDICTIONS_NAME, type EvaluationFigures, type RunResult } from "./run-result.ts";
export { openTestedExamples, type TestedExamples } from "./tested-examples.ts";
export { storedResults } from "./stored-results.ts";
export type { SeedsOutcome } from "./run-kind.ts";
export {
  fraction,
  frontEnd as frontEndType,
  frontEndOf,
  positiveNumber,
  shares,
  wholeNumber,
  type FrontEndValue,
  type ValueType,
} from "./options/values.ts";
export type { ListedRun } from "./list-runs.ts";
export { wordsOf } from "./options/repeat-command.ts";
export { isNetworkFile, modelTitle } from "./networks/network-path.ts";
export { openNetworkFile } from "./networks/open-network-file.ts";
export { METHODS_BY_KEY } from "./explain/methods.ts";
export { drawExplanation } from "./explain/draw-explanation.ts";
