/** @file `auricle/session`: data, trainings, predictions and explanations behind one object. Browser-safe. */

export type { Activity, AnyEvent } from "./activity.ts";
export { connectSession } from "./connect-session.ts";
export type {
  AscentEvent,
  PartsEvent,
  PredictionEvent,
  PreparationEvent,
  TrainingEvent,
  WarningEvent,
} from "./events.ts";
export type { SessionPort, WorkerScope } from "./messages.ts";
export { openSession } from "./open-session.ts";
export { serveSession } from "./serve-session.ts";
export type {
  ActivationOptions,
  DataSummary,
  EmbeddingMapOptions,
  EvaluateOptions,
  ExplainOptions,
  FeaturesOptions,
  FileMapOptions,
  FoundRun,
  InspectDataOptions,
  MaximizeOptions,
  OverfitOptions,
  PredictOptions,
  PrepareOptions,
  ReadOptions,
  Session,
  StrongestPlacesOptions,
  TrainingPlan,
  TrainOptions,
  TrainRequest,
} from "./session.ts";
export type { RunEvaluation } from "../runs/evaluate-run.ts";
export type { FileMap, MappedExample } from "../runs/explain/embed-files.ts";
export type { DataFeatures, ExampleFeatures } from "../runs/transfer/data-features.ts";
export type { EmbeddingMap } from "../runs/explain/embed-tested.ts";
export type { ExcitingInputs } from "../runs/explain/exciting-inputs.ts";
export type { ExplainedInput, TestedInput } from "../runs/explain/explained-input.ts";
export type { Explanation, PictureExplanation, RecordingExplanation } from "../runs/explain/explanation.ts";
export type { RecordingPlace } from "../runs/explain/field-place.ts";
export type { FileExample, FilePart } from "../runs/explain/file-parts.ts";
export type { LayerTime, LayerTimes } from "../runs/explain/layer-times.ts";
export type { StrongPlace } from "../runs/explain/strongest-places.ts";
export type { PicturePrediction } from "../runs/images/predict-pictures.ts";
export type { LayerOutputs } from "../runs/explain/layer-outputs.ts";
export type { FeatureAxes, LayerFacts, ModelInspection, WeightFacts } from "../runs/inspect-model.ts";
export type { ListedRun, ListedRuns } from "../runs/list-runs.ts";
export type { KindName } from "../runs/options/option.ts";
export type { PreparedData, RunOutcome, SeedsOutcome } from "../runs/run-kind.ts";
export type { RecordingPrediction } from "../runs/sound/predict-recordings.ts";
export type { ModelFacts } from "../runs/trained-model.ts";
export type { DryRun } from "../runs/trial/dry-run.ts";
export type { LearningRateOutcome } from "../runs/trial/learning-rate.ts";
export type { OverfitOutcome } from "../runs/trial/overfit.ts";
export type { Inspection } from "../data/audio/inspect/index.ts";
export type { PictureInspection } from "../data/images/inspect/inspection.ts";
export type { PageFile, PageFiles } from "../io/store/page-files.ts";
