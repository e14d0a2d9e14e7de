/** @file The options of a model's methods, typed by the form of its outputs. */
import type { Dataset } from "../data/dataset.ts";
import type { OptionNames } from "../options.ts";
import type { Precision } from "../runtime/precision.ts";
import type { FloatArray, NumericArray } from "../tensor/array.ts";
import type { Optimizer, OptimizerName } from "./optimizers/index.ts";
import type { ModelOutputs, PerOutput } from "./per-output.ts";
import type { ModelInputs, SampleWeights } from "./training/example-source.ts";
import type { LoopOptions } from "./training/fit.ts";
import type { LossOption, MetricOption } from "./training/trained-outputs.ts";

/** Plain JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface CompileModelOptions<Outputs extends ModelOutputs = FloatArray> {
  /** A name stands for that optimizer with its defaults. */
  readonly optimizer: OptimizerName | Optimizer;
  /**
   * By name, by name with parameters, or a function of one's own. Cross entropies take logits. For several outputs: one for
   * each, in the form in which the outputs were given, or one for all. An output by name that has none is not trained.
   */
  readonly loss: LossOption | PerOutput<Outputs, LossOption>;
  /** The factors for the losses of the outputs before they are added. Default 1. */
  readonly lossWeights?: PerOutput<Outputs, number>;
  /**
   * Default: none. Metrics without a name are reset and used again for each pass over examples. For several outputs: each
   * output's own, in the form in which the outputs were given.
   */
  readonly metrics?: PerOutput<Outputs, MetricOption | readonly MetricOption[]>;
}

export const COMPILE_OPTIONS: OptionNames<CompileModelOptions> = {
  optimizer: true,
  loss: true,
  lossWeights: true,
  metrics: true,
};

export interface FitOptions<Outputs extends ModelOutputs = FloatArray> extends LoopOptions {
  /**
   * The data to evaluate after each epoch: a data set, or x and y as `fit` takes them, optionally with weights of the examples.
   */
  readonly validationData?:
    | Dataset
    | readonly [ModelInputs, PerOutput<Outputs, NumericArray>]
    | readonly [
        ModelInputs,
        PerOutput<Outputs, NumericArray>,
        SampleWeights | PerOutput<Outputs, SampleWeights>,
      ];
  /**
   * The share of the examples, above 0 and below 1, that is kept for validation: the last ones, before any shuffling, as
   * in Keras. Where examples are sorted by class or belong together, split them with `splitDataset` instead.
   */
  readonly validationSplit?: number;
  /** Weights of the examples in the training loss, 0 or more; for arrays only. For several outputs: of each, or of all. */
  readonly sampleWeight?: SampleWeights | PerOutput<Outputs, SampleWeights>;
}

export const FIT_OPTIONS: OptionNames<FitOptions> = {
  epochs: true,
  batchSize: true,
  shuffle: true,
  classWeight: true,
  callbacks: true,
  initialEpoch: true,
  resume: true,
  signal: true,
  terminateOnNaN: true,
  share: true,
  validationData: true,
  validationSplit: true,
  sampleWeight: true,
};

export interface EvaluateOptions<Outputs extends ModelOutputs = FloatArray> {
  /** Default 32. The figures do not depend on it but for rounding. */
  readonly batchSize?: number;
  /** Weights of the examples in the loss, 0 or more; for arrays only. For several outputs: of each, or of all. */
  readonly sampleWeight?: SampleWeights | PerOutput<Outputs, SampleWeights>;
  /** Default: the model's. */
  readonly precision?: Precision;
}

export const EVALUATE_OPTIONS: OptionNames<EvaluateOptions> = {
  batchSize: true,
  sampleWeight: true,
  precision: true,
};

export interface PredictOptions {
  /** Default 32. */
  readonly batchSize?: number;
  /** Default: the model's. */
  readonly precision?: Precision;
}

export const PREDICT_OPTIONS: OptionNames<PredictOptions> = { batchSize: true, precision: true };

export interface TrainOnBatchOptions<Outputs extends ModelOutputs = FloatArray> {
  /** Weights of the examples in the loss, 0 or more. For several outputs: of each, or of all. */
  readonly sampleWeight?: SampleWeights | PerOutput<Outputs, SampleWeights>;
  /** As `fit` takes it. */
  readonly classWeight?: LoopOptions["classWeight"];
}
