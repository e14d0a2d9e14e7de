/** @file The model: a network with what it takes to train it, evaluate it and predict with it. */
import type { Dataset } from "../data/dataset.ts";
import { AuricleError } from "../errors.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import type { FloatArray, NumericArray } from "../tensor/array.ts";
import { applyNetwork } from "./apply-network.ts";
import { InferenceModel } from "./inference-model.ts";
import {
  COMPILE_OPTIONS,
  EVALUATE_OPTIONS,
  FIT_OPTIONS,
  type CompileModelOptions,
  type EvaluateOptions,
  type FitOptions,
  type TrainOnBatchOptions,
} from "./model-options.ts";
import {
  graphNetwork,
  sequentialNetwork,
  type GraphOptions,
  type NetworkOptions,
  type SequentialOptions,
  type SequentialPart,
  type SymbolicValues,
} from "./network-builders.ts";
import type { Network } from "./network.ts";
import { optimizerOf } from "./optimizers/index.ts";
import {
  inForm,
  type AppliedOutputs,
  type ModelOutputs,
  type PerOutput,
  type PredictionsOf,
} from "./per-output.ts";
import type { SummaryOptions } from "./summary.ts";
import {
  checkNotEmpty,
  evaluateSource,
  Figures,
  indexRange,
  readerOf,
  type Evaluation,
} from "./training/evaluate.ts";
import type { ModelInputs } from "./training/example-source.ts";
import { classWeightsFor, fitSource } from "./training/fit.ts";
import {
  argumentsOf,
  beforeOptions,
  sourceOf,
  splitSource,
  type GivenTargets,
} from "./training/model-data.ts";
import { ENGINE_OPTIONS, type EngineOptions } from "./training/engine-options.ts";
import { trainBatch } from "./training/train-batch.ts";
import { trainedOutputs } from "./training/trained-outputs.ts";
import { Trainer, type History } from "./training/trainer.ts";
import { shownValue } from "../shown-value.ts";

/**
 * A network that can be trained. Make one with {@link sequential} or {@link model}, or load one from a file.
 * @typeParam Outputs its predictions: one array, or for several outputs a list of arrays, or arrays by name
 */
export class Model<Outputs extends ModelOutputs = FloatArray> extends InferenceModel<Outputs> {
  declare readonly network: Network;
  private compiled: Trainer | undefined;

  constructor(network: Network, engine: EngineOptions = {}) {
    super(network, engine);
  }

  /** The training's state. @throws AuricleError "argument" before `compile`. */
  get trainer(): Trainer {
    if (this.compiled) return this.compiled;
    throw new AuricleError(
      "argument",
      `${this.name}: call compile({ optimizer, loss }) before training or evaluating`,
    );
  }

  get isCompiled(): boolean {
    return this.compiled !== undefined;
  }

  /** Updates made so far. */
  get step(): number {
    return this.trainer.step;
  }

  /** The learning rate of the next update. Setting it replaces the optimizer's schedule. */
  get learningRate(): number {
    return this.trainer.learningRate;
  }

  set learningRate(value: number) {
    if (!(value >= 0 && value < Infinity)) {
      throw new AuricleError(
        "argument",
        `${this.name}: learningRate must be 0 or more; got ${shownValue(value)}`,
      );
    }
    this.trainer.learningRate = value;
  }

  /**
   * Says how to train. Weights stay; the optimizer begins anew.
   * @throws AuricleError "argument" for unknown names, and when the last layer gives probabilities but the loss takes
   *   logits.
   */
  compile(options: CompileModelOptions<Outputs>): void {
    checkOptions("compile", options, COMPILE_OPTIONS);
    const { optimizer, ...outputs } = options;
    this.compiled = new Trainer(this.network, {
      optimizer: optimizerOf(optimizer),
      outputs: trainedOutputs(this.network, outputs),
      engine: this.engine,
    });
  }

  /**
   * Trains on arrays: x `[N, …]` and y `[N]` int32 labels or `[N, …]` float32. Several inputs or outputs are lists of
   * arrays, or arrays by name.
   * @returns columns of equal length: epoch, loss, the metrics, valLoss, …
   * @throws AuricleError "shape" or "data" for examples that do not fit, naming the example; "numeric" naming the layer
   *   and the operation when the loss or a gradient becomes NaN or infinite.
   */
  fit(x: ModelInputs, y: PerOutput<Outputs, NumericArray>, options?: FitOptions<Outputs>): Promise<History>;
  /** Trains on a data set. */
  fit(dataset: Dataset, options?: FitOptions<Outputs>): Promise<History>;
  async fit(
    data: ModelInputs | Dataset,
    yOrOptions?: GivenTargets | FitOptions<Outputs>,
    arrayOptions: FitOptions<Outputs> = {},
  ): Promise<History> {
    const { y, options } = argumentsOf<FitOptions<Outputs>>("fit", data, yOrOptions, arrayOptions);
    checkOptions("fit", options, FIT_OPTIONS, beforeOptions(data));
    const source = sourceOf(this.trainer, data, y, options.sampleWeight);
    const { training, validation } = splitSource(this.trainer, source, options);
    return fitSource(this.trainer, training, validation, options);
  }

  /** Loss and metrics over arrays, in inference. @throws AuricleError as `fit`; "unsupported" as `predict`. */
  evaluate(
    x: ModelInputs,
    y: PerOutput<Outputs, NumericArray>,
    options?: EvaluateOptions<Outputs>,
  ): Promise<Evaluation>;
  /** Loss and metrics over a data set. */
  evaluate(dataset: Dataset, options?: EvaluateOptions<Outputs>): Promise<Evaluation>;
  async evaluate(
    data: ModelInputs | Dataset,
    yOrOptions?: GivenTargets | EvaluateOptions<Outputs>,
    arrayOptions: EvaluateOptions<Outputs> = {},
  ): Promise<Evaluation> {
    const { y, options } = argumentsOf<EvaluateOptions<Outputs>>("evaluate", data, yOrOptions, arrayOptions);
    checkOptions("evaluate", options, EVALUATE_OPTIONS, beforeOptions(data));
    const { batchSize = 32, sampleWeight, precision = this.engine.precision } = options;
    const source = sourceOf(this.trainer, data, y, sampleWeight);
    return evaluateSource(this.trainer, source, batchSize, undefined, precision);
  }

  /**
   * Makes one update on a batch, all of x and y: the same bits as `fit` makes of these examples in this order.
   * @returns loss and metrics of this batch before the update, as `evaluate` names them
   * @throws AuricleError as `fit`; "argument" while a `fit` is going on
   */
  async trainOnBatch(
    x: ModelInputs,
    y: PerOutput<Outputs, NumericArray>,
    options: TrainOnBatchOptions<Outputs> = {},
  ): Promise<Evaluation> {
    checkOptions("trainOnBatch", options, { sampleWeight: true, classWeight: true }, "x, y, ");
    const { sampleWeight, classWeight } = options;
    const { trainer } = this;
    trainer.checkIdle();
    const source = sourceOf(trainer, x, y, sampleWeight);
    checkNotEmpty(source, "training");
    const reader = readerOf(trainer, source, classWeightsFor(trainer, classWeight));
    const figures = new Figures(trainer);
    const when = `step ${trainer.step + 1}`;
    await trainBatch(
      { trainer, source, reader, evenIfNotFinite: false },
      indexRange(0, source.length),
      figures,
      when,
    );
    return figures.results();
  }

  /** Loss and metrics of one batch, in inference: `evaluate` with all examples at once. @throws AuricleError as it. */
  async testOnBatch(
    x: ModelInputs,
    y: PerOutput<Outputs, NumericArray>,
    options: Pick<EvaluateOptions<Outputs>, "sampleWeight"> = {},
  ): Promise<Evaluation> {
    checkOptions("testOnBatch", options, { sampleWeight: true }, "x, y, ");
    const { sampleWeight } = options;
    const source = sourceOf(this.trainer, x, y, sampleWeight);
    return evaluateSource(this.trainer, source, Math.max(1, source.length));
  }

  /**
   * Uses the model as a layer of a larger graph: its layers become the new model's, under its name ("backbone/conv2d_1"), with
   * the same weights. Training one of them trains the other too, and `trainable` freezes both.
   * @param inputs values of the graph: one, or as many as the model has inputs, as a list or by their names
   * @returns one value, or for several outputs a list or an object of values, as they were given
   * @throws AuricleError "argument" for other inputs, "shape" naming the layer that they do not fit
   */
  apply(inputs: SymbolicValues): AppliedOutputs<Outputs> {
    return inForm(this.network, applyNetwork(this.network, inputs)) as AppliedOutputs<Outputs>;
  }

  /** Whether any layer may be trained. Setting it freezes or unfreezes all layers, also where the model is a layer of another. */
  get trainable(): boolean {
    return this.layers.some(({ trainable }) => trainable);
  }

  set trainable(value: boolean) {
    for (const layer of this.layers) layer.trainable = value;
  }

  /** A table of layers, shapes, parameters, cost and receptive fields. */
  summary(options?: SummaryOptions): string {
    return this.network.summary(options);
  }

  /**
   * Keeps the weights of a layer, or of all layers of a network that is a layer, as they are from the next step on.
   * @throws AuricleError "argument" for an unknown name.
   */
  freeze(layer: string): void {
    for (const one of this.network.layersNamed(layer)) one.trainable = false;
  }

  /** Undoes {@link freeze}. @throws AuricleError "argument" for an unknown name. */
  unfreeze(layer: string): void {
    for (const one of this.network.layersNamed(layer)) one.trainable = true;
  }
}

export interface SequentialModelOptions extends SequentialOptions, EngineOptions {}

const SEQUENTIAL_OPTIONS: OptionNames<SequentialModelOptions> = {
  name: true,
  seed: true,
  axisNames: true,
  ...ENGINE_OPTIONS,
};

/**
 * A model of layers one after the other; the first needs `inputShape`. A model with one input and one output may stand among
 * them: see {@link Model.apply}.
 *
 * @example
 * const net = sequential([
 *   conv2d({ filters: 6, kernelSize: 5, padding: "same", activation: "tanh", inputShape: [28, 28, 1] }),
 *   averagePooling2d({ poolSize: 2 }),
 *   flatten(),
 *   dense({ units: 10 }),
 * ]);
 * net.compile({ optimizer: adam(), loss: "softmaxCrossEntropy", metrics: ["accuracy"] });
 * const history = await net.fit(x, y, { epochs: 5 });
 * @throws AuricleError naming the layer that does not fit.
 */
export function sequential(
  layers: readonly SequentialPart[] | { readonly layers: readonly SequentialPart[]; readonly name?: string },
  options: SequentialModelOptions = {},
): Model {
  checkOptions("sequential", options, SEQUENTIAL_OPTIONS, "layers, ");
  if (Array.isArray(layers) || typeof layers !== "object" || layers === null || !("layers" in layers)) {
    return new Model(sequentialNetwork(layers, options), engineOf(options));
  }
  checkOptions("sequential", layers, { layers: true, name: true });
  return new Model(sequentialNetwork(layers.layers, { name: layers.name, ...options }), engineOf(options));
}

export interface ModelOptions extends NetworkOptions, EngineOptions {}

const MODEL_OPTIONS: OptionNames<ModelOptions> = { name: true, seed: true, ...ENGINE_OPTIONS };

/**
 * A model given as a graph: from inputs to outputs, with branches and skips. Several inputs or outputs are lists, or have
 * names: `outputs: { genre, tempo }`.
 *
 * @example
 * const image = input({ shape: [28, 28, 1] });
 * const left = conv2d({ filters: 4, kernelSize: 3, padding: "same" }).apply(image);
 * const right = conv2d({ filters: 4, kernelSize: 5, padding: "same" }).apply(image);
 * const net = model({ inputs: image, outputs: add().apply([left, right]) });
 * @throws AuricleError when an output depends on an input that is not given, or not on one that is.
 */
export function model<const Outputs extends SymbolicValues>(
  graph: GraphOptions<Outputs>,
  options: ModelOptions = {},
): Model<PredictionsOf<Outputs>> {
  checkOptions("model", graph, { inputs: true, outputs: true });
  checkOptions("model", options, MODEL_OPTIONS, "graph, ");
  return new Model<PredictionsOf<Outputs>>(graphNetwork(graph, options), engineOf(options));
}

function engineOf({ target, threads, algorithms, precision }: EngineOptions): EngineOptions {
  return { target, threads, algorithms, precision };
}
