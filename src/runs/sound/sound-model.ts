/** @file The network of a run on sound, and how it is compiled. Node only. */

import { audioMetadata } from "../../audio-model/description.ts";
import { isAudioModelName, modelNamed, type InputNormalization } from "../../models/index.ts";
import {
  constantLearningRate,
  cosineDecay,
  linearWarmup,
  Model,
  Network,
  oneCycle,
  optimizerFromConfig,
  optimizerOf,
  type EngineOptions,
  type Optimizer,
} from "../../nn/index.ts";
import type { LossConfig } from "../../nn/losses/index.ts";
import type { Schedule } from "../../nn/schedules/index.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { SoundConfig } from "./sound-config.ts";
import type { TargetScale } from "./target-scale.ts";

/** The part of the steps in which the learning rate rises, before it falls along a cosine. */
const WARMUP = 0.05;

/** The options of a network, besides the configuration. */
export interface SoundNetworkOptions {
  /** The shape of one window. */
  readonly inputShape: Shape;
  /** Default: the model's own. */
  readonly normalization?: InputNormalization;
  readonly targetScale: TargetScale | undefined;
}

/** A model with new weights. @throws AuricleError "shape" when the network does not take such windows. */
export function buildSoundModel(
  config: SoundConfig,
  { inputShape, normalization, targetScale }: SoundNetworkOptions,
  engine: EngineOptions,
): Model {
  const named = modelNamed(config.model, {
    inputShape,
    classes: config.classNames.length,
    seed: config.seed,
    ...(isAudioModelName(config.model) && {
      ...(normalization && { normalization }),
      // Numbers may depend on where in the spectrum something is.
      ...(config.task === "regression" && { pooling: "time" as const }),
    }),
  });
  return describeSoundModel(named, config, targetScale, engine);
}

/** A model of a network that says what it hears and what its outputs mean. */
export function describeSoundModel(
  network: Network,
  config: SoundConfig,
  targetScale: TargetScale | undefined,
  engine: EngineOptions,
): Model {
  // Made again from its description, as that of a resumed run is: so that both write the same bytes.
  const model = new Model(Network.fromConfig(network.config), engine);
  model.network.setWeights(network.getWeights());
  model.metadata = {
    data: config.data,
    ...audioMetadata({
      task: config.task,
      classNames: config.classNames,
      frontEnd: config.frontEnd,
      windowFrames: config.windowFrames,
      ...(targetScale && { targetScale: targetScale.scale }),
      ...(config.heard && { heard: config.heard }),
    }),
  };
  return model;
}

/** @param steps the number of steps in the whole training */
export function compileSoundModel(model: Model, config: SoundConfig, steps: number): void {
  model.compile({
    optimizer: optimizerFor(config, steps),
    loss: lossOf(config),
    metrics: config.task === "regression" ? [] : ["accuracy"],
  });
}

function optimizerFor(config: SoundConfig, steps: number): Optimizer {
  const { name, config: defaults } = optimizerOf(config.optimizer);
  const { name: schedule, config: numbers } = scheduleOf(config, steps);
  const learningRate = { name: schedule, config: numbers };
  return optimizerFromConfig({
    name,
    config: { ...defaults, learningRate, weightDecay: config.weightDecay },
  });
}

function scheduleOf({ schedule, learningRate }: SoundConfig, steps: number): Schedule {
  if (schedule === "constant") return constantLearningRate({ learningRate });
  if (schedule === "one-cycle") return oneCycle({ maxLearningRate: learningRate, totalSteps: steps });
  const warmupSteps = Math.max(1, Math.round(WARMUP * steps));
  const decaySteps = Math.max(1, steps - warmupSteps);
  return linearWarmup({
    warmupSteps,
    schedule: cosineDecay({ initialLearningRate: learningRate, decaySteps }),
  });
}

function lossOf({ task, labelSmoothing }: SoundConfig): LossConfig {
  if (task === "regression") return { name: "meanSquaredError" };
  return { name: task === "tagging" ? "binaryCrossEntropy" : "softmaxCrossEntropy", labelSmoothing };
}
