/** @file A run's model: built by its name, or read from one of the run's model files. Node only. */

import { modelNamed, radialBasisLoss } from "../../models/index.ts";
import { loadModel } from "../../nn/checkpoint/model-file.ts";
import {
  Model,
  networkFromConfig,
  optimizerFromConfig,
  optimizerOf,
  type EngineOptions,
} from "../../nn/index.ts";
import { accuracyMetric, type Metric } from "../../nn/metrics/index.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { RunConfig } from "./run-config.ts";

/** A model ready for training or testing. */
export interface RunModel {
  readonly model: Model;
  /** The metric that the model uses; while an epoch goes on it has the accuracy so far. */
  readonly accuracy: Metric;
}

/** Builds and compiles the model of a new run. @throws AuricleError when it does not fit the data. */
export function buildModel(config: RunConfig, inputShape: Shape, engine: EngineOptions): RunModel {
  const classes = config.classNames.length;
  const named = modelNamed(config.model, { inputShape, classes, seed: config.seed });
  // Made again from its description, as that of a resumed run is: so that both write the same bytes.
  const model = new Model(networkFromConfig(named.config), engine);
  model.metadata = { data: config.data, classNames: config.classNames };
  return compileModel(model, config);
}

/** Reads a model file that holds the training's state. @throws AuricleError "file" for a damaged one. */
export async function loadTraining(
  path: string,
  config: RunConfig,
  engine: EngineOptions,
): Promise<RunModel> {
  const accuracy = accuracyMetric({ classes: config.classNames.length });
  const loss = lossFor(config);
  const ownLoss = typeof loss === "function" ? { loss } : {};
  const model = await loadModel(path, { ...engine, ...ownLoss, metrics: [accuracy] });
  return { model, accuracy };
}

/** Reads a model file of either kind, for testing. @throws AuricleError "file" for a damaged one. */
export async function loadForTest(path: string, config: RunConfig, engine: EngineOptions): Promise<Model> {
  const { model } = await loadTraining(path, config, engine);
  return model.isCompiled ? model : compileModel(model, config).model;
}

function compileModel(model: Model, config: RunConfig): RunModel {
  const accuracy = accuracyMetric({ classes: config.classNames.length });
  model.compile({ optimizer: optimizerFor(config), loss: lossFor(config), metrics: [accuracy] });
  return { model, accuracy };
}

/** The network of 1998 gives distances, for which it has a loss of its own; all others give logits. */
function lossFor({ model }: RunConfig) {
  return model === "lenet5-1998" ? radialBasisLoss : "softmaxCrossEntropy";
}

/** The optimizer with its defaults but for the learning rate. */
function optimizerFor({ optimizer, learningRate }: RunConfig) {
  const { name, config } = optimizerOf(optimizer);
  return optimizerFromConfig({ name, config: { ...config, learningRate } });
}
