/**
 * @file Networks and their training. Browser-safe; checkpoint/model-file.ts has what needs a file system: saveModel,
 * loadModel, modelCheckpoint.
 */
export * from "./callbacks/index.ts";
export * from "./checkpoint/index.ts";
export * from "./checks/index.ts";
/** Constraints that weights are brought back to after each update: options of layers. */
export * as constraints from "./constraints.ts";
export * as initializers from "./initializers/index.ts";
export * from "./layers/index.ts";
export { describeLayer, type LayerDescription, type OptionDescription } from "./layers/describe-layer.ts";
export type { OptionType } from "./layers/options.ts";
export type { Layer, SymbolicTensor } from "./layer.ts";
/** Losses as functions of tensors, for losses of one's own; by name they are given to `compile`. */
export * as losses from "./losses/index.ts";
/** Figures of plain arrays: accuracy, confusion matrix, … */
export * as metrics from "./metrics/index.ts";
export { Model, model, sequential, type ModelOptions, type SequentialModelOptions } from "./model.ts";
export type {
  CompileModelOptions,
  EvaluateOptions,
  FitOptions,
  Json,
  PredictOptions,
  TrainOnBatchOptions,
} from "./model-options.ts";
export type { NetworkLayer } from "./layer.ts";
export { networkFromConfig } from "./network-from-config.ts";
export { InferenceNetwork } from "./inference-network.ts";
export { Network } from "./network.ts";
export { InferenceModel } from "./inference-model.ts";
export type { BuildRequest, NetworkDefinition } from "./network-file/definition.ts";
export { formatNetworkFile, type FormattedNetwork } from "./network-file/format.ts";
export { parseNetworkFile } from "./network-file/parse.ts";
export * from "./optimizers/index.ts";
export type { AppliedOutputs, ModelOutputs, PerOutput, PredictionsOf } from "./per-output.ts";
/** Penalties on weights and outputs: options of layers. */
export * as regularizers from "./regularizers.ts";
export * from "./schedules/index.ts";
export { input, type InputOptions } from "./symbolic.ts";
export type { Evaluation } from "./training/evaluate.ts";
export type { ModelInputs, SampleWeights } from "./training/example-source.ts";
export type { MetricName } from "./training/model-metrics.ts";
export type { EngineOptions } from "./training/engine-options.ts";
export type { History } from "./training/trainer.ts";
export {
  featureStatistics,
  statisticsAccumulator,
  type FeatureStatistics,
  type FeatureStatisticsOptions,
  type StatisticsAccumulator,
} from "./layers/normalization-statistics.ts";
export * from "./transfer/index.ts";
