/** @file A model without what trains it: what a page carries that only predicts. */
import { checkOptions } from "../options.ts";
import type { FloatArray } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import type { NetworkLayer } from "./layer.ts";
import type { Weights } from "./callbacks/index.ts";
import { PREDICT_OPTIONS, type Json, type PredictOptions } from "./model-options.ts";
import type { InferenceNetwork } from "./inference-network.ts";
import { inForm, type ModelOutputs } from "./per-output.ts";
import { ENGINE_OPTIONS, type EngineOptions } from "./training/engine-options.ts";
import type { ModelInputs } from "./training/example-source.ts";
import { Predictor } from "./training/predict.ts";

/**
 * A network that predicts. Read one from a model file with `readModel`.
 * @typeParam Outputs its predictions: one array, or for several outputs a list of arrays, or arrays by name
 */
export class InferenceModel<Outputs extends ModelOutputs = FloatArray> {
  readonly network: InferenceNetwork;
  readonly engine: EngineOptions;
  /** Whatever should travel with the model: class names, how its inputs are made. Saved with it. */
  metadata: Readonly<Record<string, Json>> = {};
  private readonly predictor: Predictor;

  constructor(network: InferenceNetwork, engine: EngineOptions = {}) {
    checkOptions("Model", engine, ENGINE_OPTIONS, "network, ");
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

  /** The shape of one example of each input. */
  get inputShapes(): readonly Shape[] {
    return this.network.inputShapes;
  }

  /** The shape of the output for one example. @throws AuricleError "argument" for a model with several outputs. */
  get outputShape(): Shape {
    return this.network.outputShape;
  }

  /** The names of the outputs; that of its layer where it was given none. */
  get outputNames(): readonly string[] {
    return this.network.outputs.map(({ name }) => name);
  }

  /**
   * Outputs `[N, …]` for inputs `[N, …]`; needs no `compile`. Several outputs come as they were given: a list of arrays, or
   * arrays by name.
   * @throws AuricleError "shape" when x does not fit, "data" naming the example with a NaN or an infinity,
   *   "unsupported" for a precision that the target or the processor does not have.
   */
  async predict(x: ModelInputs, options: PredictOptions = {}): Promise<Outputs> {
    checkOptions("predict", options, PREDICT_OPTIONS, "x, ");
    const { batchSize = 32, precision } = options;
    const arrays = await this.predictor.predict(x, batchSize, precision ?? this.engine.precision);
    return inForm(this.network, arrays) as Outputs;
  }

  /** Outputs for one batch: `predict` with all examples at once. @throws AuricleError as it. */
  async predictOnBatch(x: ModelInputs): Promise<Outputs> {
    const arrays = await this.predictor.predict(x, undefined, this.engine.precision);
    return inForm(this.network, arrays) as Outputs;
  }

  /** Copies of all weights by path: "conv2d_1/kernel". */
  getWeights(): Weights {
    return this.network.getWeights();
  }

  /**
   * Sets all weights, by path: a map, as `getWeights` gives it, or a plain object.
   * @throws AuricleError naming the weight that is missing, unknown or of another shape; then none is changed.
   */
  setWeights(weights: Weights | Readonly<Record<string, FloatArray>>): void {
    this.network.setWeights(weights);
  }

  /**
   * The layer of that name, or at that place; -1 is the last.
   * @throws AuricleError "argument" when there is none
   */
  getLayer(nameOrIndex: string | number): NetworkLayer {
    return this.network.getLayer(nameOrIndex);
  }
}
