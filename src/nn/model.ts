/** @file The model: a network with what it takes to train it, evaluate it and predict with it. */
import type { Dataset } from "../data/dataset.ts";
import { AuricleError } from "../errors.ts";
import type { Precision } from "../runtime/precision.ts";
import type { FloatArray, NumericArray } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Weights } from "./callbacks/index.ts";
import type { Layer } from "./layer.ts";
import { lossOf, type Loss, type LossConfig, type LossFunction, type LossName } from "./losses/index.ts";
import type { Metric } from "./metrics/index.ts";
import {
  graphNetwork,
  sequentialNetwork,
  type GraphOptions,
  type NetworkOptions,
  type SequentialOptions,
} from "./network-builders.ts";
import type { Network, NetworkLayer } from "./network.ts";
import { optimizerOf, type Optimizer, type OptimizerName } from "./optimizers/index.ts";
import type { SummaryOptions } from "./summary.ts";
import { evaluateSource, indexRange, type Evaluation } from "./training/evaluate.ts";
import {
  arraySource,
  datasetSource,
  isDataset,
  subsetSource,
  type ExampleSource,
  type ModelInputs,
  type SampleWeights,
} from "./training/example-source.ts";
import { fitSource, type LoopOptions } from "./training/fit.ts";
import type { MetricName } from "./training/model-metrics.ts";
import { Predictor } from "./training/predict.ts";
import type { EngineOptions } from "./training/step-programs.ts";
import { Trainer, type History } from "./training/trainer.ts";

/** Plain JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface CompileModelOptions {
  /** A name stands for that optimizer with its defaults. */
  readonly optimizer: OptimizerName | Optimizer;
  /** By name, by name with parameters, or a function of one's own. Cross entropies take logits. */
  readonly loss: LossName | LossConfig | LossFunction;
  /** Default: none. Metrics without a name are reset and used again for each pass over examples. */
  readonly metrics?: readonly (MetricName | Metric)[];
}

export interface FitOptions extends LoopOptions {
  /**
   * What to evaluate after each epoch: a data set, or x and y as `fit` takes them, maybe with weights of the examples.
   */
  readonly validationData?:
    Dataset | readonly [ModelInputs, NumericArray] | readonly [ModelInputs, NumericArray, SampleWeights];
  /**
   * The share of the examples, above 0 and below 1, that is kept for validation: the last ones, before any shuffling, as
   * in Keras. Where examples are sorted by class or belong together, split them with `splitDataset` instead.
   */
  readonly validationSplit?: number;
  /** Weights of the examples in the training loss, 0 or more; for arrays only. */
  readonly sampleWeight?: SampleWeights;
}

export interface EvaluateOptions {
  /** Default 32. The figures do not depend on it but for rounding. */
  readonly batchSize?: number;
  /** Weights of the examples in the loss, 0 or more; for arrays only. */
  readonly sampleWeight?: SampleWeights;
  /** Default: the model's. */
  readonly precision?: Precision;
}

export interface PredictOptions {
  /** Default 32. */
  readonly batchSize?: number;
  /** Default: the model's. */
  readonly precision?: Precision;
}

/** A network that can be trained. Make one with {@link sequential} or {@link model}, or load one from a file. */
export class Model {
  readonly network: Network;
  readonly engine: EngineOptions;
  /** Whatever should travel with the model: class names, how its inputs are made. Saved with it. */
  metadata: Readonly<Record<string, Json>> = {};
  private readonly predictor: Predictor;
  private compiled: Trainer | undefined;

  constructor(network: Network, engine: EngineOptions = {}) {
    this.network = network;
    this.engine = engine;
    this.predictor = new Predictor(network, engine);
  }

  get name(): string {
    return this.network.name;
  }

  /** In order. `layers[i].trainable = false` freezes one; it takes effect at the next step. */
  get layers(): readonly NetworkLayer[] {
    return this.network.layers;
  }

  /** Of one example of each input. */
  get inputShapes(): readonly Shape[] {
    return this.network.inputShapes;
  }

  /** Of one example. */
  get outputShape(): Shape {
    return this.network.outputShape;
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
      throw new AuricleError("argument", `${this.name}: learningRate must be 0 or more; got ${value}`);
    }
    this.trainer.learningRate = value;
  }

  /**
   * Says how to train. Weights stay; the optimizer begins anew.
   * @throws AuricleError "argument" for unknown names, and when the last layer gives probabilities but the loss takes
   *   logits.
   */
  compile({ optimizer, loss, metrics = [] }: CompileModelOptions): void {
    const chosen = lossOf(loss);
    checkLogits(this.network, chosen);
    this.compiled = new Trainer(this.network, {
      optimizer: optimizerOf(optimizer),
      loss: chosen,
      metrics,
      engine: this.engine,
    });
  }

  /**
   * Trains on arrays: x `[N, …]` (a list of arrays for several inputs) and y `[N]` int32 labels or `[N, …]` float32.
   * @returns columns of equal length: epoch, loss, the metrics, valLoss, …
   * @throws AuricleError "shape" or "data" for examples that do not fit, naming the example; "numeric" naming the layer
   *   and the operation when the loss or a gradient becomes NaN or infinite.
   */
  fit(x: ModelInputs, y: NumericArray, options?: FitOptions): Promise<History>;
  /** Trains on a data set. */
  fit(dataset: Dataset, options?: FitOptions): Promise<History>;
  async fit(
    data: ModelInputs | Dataset,
    yOrOptions?: NumericArray | FitOptions,
    arrayOptions: FitOptions = {},
  ): Promise<History> {
    const { y, options } = argumentsOf(yOrOptions, arrayOptions);
    const source = this.sourceOf(data, y, options.sampleWeight);
    const { training, validation } = this.splitSource(source, options);
    return fitSource(this.trainer, training, validation, options);
  }

  /** Loss and metrics over arrays, in inference. @throws AuricleError as `fit`; "unsupported" as `predict`. */
  evaluate(x: ModelInputs, y: NumericArray, options?: EvaluateOptions): Promise<Evaluation>;
  /** Loss and metrics over a data set. */
  evaluate(dataset: Dataset, options?: EvaluateOptions): Promise<Evaluation>;
  async evaluate(
    data: ModelInputs | Dataset,
    yOrOptions?: NumericArray | EvaluateOptions,
    arrayOptions: EvaluateOptions = {},
  ): Promise<Evaluation> {
    const { y, options } = argumentsOf(yOrOptions, arrayOptions);
    const source = this.sourceOf(data, y, options.sampleWeight);
    return evaluateSource(
      this.trainer,
      source,
      options.batchSize ?? 32,
      undefined,
      options.precision ?? this.engine.precision,
    );
  }

  /**
   * Outputs `[N, …]` for inputs `[N, …]`; needs no `compile`.
   * @throws AuricleError "shape" when x does not fit, "data" naming the example with a NaN or an infinity,
   *   "unsupported" for a precision that the target or the processor does not have.
   */
  async predict(x: ModelInputs, { batchSize = 32, precision }: PredictOptions = {}): Promise<FloatArray> {
    return this.predictor.predict(x, batchSize, precision ?? this.engine.precision);
  }

  /** A table of layers, shapes, parameters, cost and receptive fields. */
  summary(options?: SummaryOptions): string {
    return this.network.summary(options);
  }

  /** Copies of all weights by path: "conv2d_1/kernel". */
  getWeights(): Weights {
    return this.network.getWeights();
  }

  /** @throws AuricleError naming the weight that is missing, unknown or of another shape; then none is changed. */
  setWeights(weights: Weights): void {
    this.network.setWeights(weights);
  }

  /** Keeps a layer's weights as they are from the next step on. @throws AuricleError "argument" for an unknown name. */
  freeze(layer: string): void {
    this.network.layerNamed(layer).trainable = false;
  }

  /** Undoes {@link freeze}. @throws AuricleError "argument" for an unknown name. */
  unfreeze(layer: string): void {
    this.network.layerNamed(layer).trainable = true;
  }

  private sourceOf(
    data: ModelInputs | Dataset,
    y: NumericArray | undefined,
    sampleWeight: SampleWeights | undefined,
  ): ExampleSource {
    if (isDataset(data)) {
      if (sampleWeight) {
        throw new AuricleError("argument", "sampleWeight: goes with arrays; a data set has none");
      }
      return datasetSource(this.network, data);
    }
    if (!y)
      throw new AuricleError("argument", `${this.name}: arrays of inputs need targets: (x, y, options)`);
    return arraySource(this.network, data, y, sampleWeight);
  }

  private splitSource(
    source: ExampleSource,
    { validationData, validationSplit }: FitOptions,
  ): { training: ExampleSource; validation: ExampleSource | undefined } {
    if (validationData !== undefined && validationSplit !== undefined) {
      throw new AuricleError("argument", "fit: give validationData or validationSplit, not both");
    }
    if (validationSplit !== undefined) {
      if (!(validationSplit > 0 && validationSplit < 1)) {
        throw new AuricleError(
          "argument",
          `fit: validationSplit must be above 0 and below 1; got ${validationSplit}`,
        );
      }
      const count = Math.floor(source.length * (1 - validationSplit));
      return {
        training: subsetSource(source, indexRange(0, count)),
        validation: subsetSource(source, indexRange(count, source.length - count)),
      };
    }
    if (!validationData) return { training: source, validation: undefined };
    const validation =
      "read" in validationData
        ? this.sourceOf(validationData, undefined, undefined)
        : this.sourceOf(validationData[0], validationData[1], validationData[2]);
    return { training: source, validation };
  }
}

function argumentsOf<O extends object>(
  yOrOptions: NumericArray | O | undefined,
  options: O,
): { y: NumericArray | undefined; options: O } {
  if (yOrOptions === undefined) return { y: undefined, options };
  const isArray = "shape" in yOrOptions && "data" in yOrOptions;
  return isArray ? { y: yOrOptions, options } : { y: undefined, options: yOrOptions };
}

/** @throws AuricleError "argument" when softmax or sigmoid would be applied twice. */
function checkLogits(network: Network, loss: Loss): void {
  const { name, layer } = network.outputLayer;
  if (!loss.takesLogits || !layer.givesProbabilities) return;
  throw new AuricleError(
    "argument",
    `layer ${name}: gives probabilities, but the loss ${loss.name} takes logits and applies softmax or sigmoid ` +
      `itself; leave out the layer or its activation, and apply softmax to what predict returns where ` +
      `probabilities are wanted`,
  );
}

export interface SequentialModelOptions extends SequentialOptions, EngineOptions {}

/**
 * A model of layers one after the other; the first needs `inputShape`.
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
  layers: readonly Layer[] | { readonly layers: readonly Layer[]; readonly name?: string },
  options: SequentialModelOptions = {},
): Model {
  if ("layers" in layers) {
    return new Model(sequentialNetwork(layers.layers, { name: layers.name, ...options }), engineOf(options));
  }
  return new Model(sequentialNetwork(layers, options), engineOf(options));
}

export interface ModelOptions extends NetworkOptions, EngineOptions {}

/**
 * A model given as a graph: from inputs to the output, with branches and skips.
 *
 * @example
 * const image = input({ shape: [28, 28, 1] });
 * const left = conv2d({ filters: 4, kernelSize: 3, padding: "same" }).apply(image);
 * const right = conv2d({ filters: 4, kernelSize: 5, padding: "same" }).apply(image);
 * const net = model({ inputs: image, outputs: add().apply([left, right]) });
 * @throws AuricleError when the output depends on an input that is not given, or not on one that is.
 */
export function model(graph: GraphOptions, options: ModelOptions = {}): Model {
  return new Model(graphNetwork(graph, options), engineOf(options));
}

function engineOf({ target, threads, algorithms, precision }: EngineOptions): EngineOptions {
  return { target, threads, algorithms, precision };
}
