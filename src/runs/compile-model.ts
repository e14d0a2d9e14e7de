/** @file How the model of a run is compiled: optimizer, schedule and loss. Browser-safe. */

import {
  constantLearningRate,
  cosineDecay,
  linearWarmup,
  oneCycle,
  optimizerFromConfig,
  optimizerOf,
  type Model,
  type Network,
  type Optimizer,
} from "../nn/index.ts";
import type { LossConfig } from "../nn/losses/index.ts";
import type { Schedule } from "../nn/schedules/index.ts";
import type { TrainingConfig } from "./training-config.ts";

/** The part of the steps in which the learning rate rises, before it falls along a cosine. */
const WARMUP = 0.05;

/** @param steps the number of steps in the whole training */
export function compileModel(model: Model, config: TrainingConfig, steps: number): void {
  model.compile({
    optimizer: optimizerFor(config, steps),
    loss: answersByDistance(model.network) ? { name: "radialBasis" } : lossOf(config),
    metrics: config.task === "regression" ? [] : ["accuracy"],
  });
}

/** Whether a network's answers are distances, for which there is a loss of their own; all others give logits. */
export function answersByDistance({ layers }: Pick<Network, "layers">): boolean {
  return layers.at(-1)?.layer.className === "RadialBasis";
}

function optimizerFor(config: TrainingConfig, steps: number): Optimizer {
  const { name, config: defaults } = optimizerOf(config.optimizer);
  const { name: schedule, config: numbers } = scheduleOf(config, steps);
  const learningRate = { name: schedule, config: numbers };
  return optimizerFromConfig({
    name,
    config: { ...defaults, learningRate, weightDecay: config.weightDecay },
  });
}

function scheduleOf({ schedule, learningRate }: TrainingConfig, steps: number): Schedule {
  if (schedule === "constant") return constantLearningRate({ learningRate });
  if (schedule === "one-cycle") return oneCycle({ maxLearningRate: learningRate, totalSteps: steps });
  const warmupSteps = Math.max(1, Math.round(WARMUP * steps));
  const decaySteps = Math.max(1, steps - warmupSteps);
  return linearWarmup({
    warmupSteps,
    schedule: cosineDecay({ initialLearningRate: learningRate, decaySteps }),
  });
}

function lossOf({ task, labelSmoothing }: TrainingConfig): LossConfig {
  if (task === "regression") return { name: "meanSquaredError" };
  return { name: task === "tagging" ? "binaryCrossEntropy" : "softmaxCrossEntropy", labelSmoothing };
}
