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

/** The epochs in which a scaled learning rate rises, and the most of the training that they may be. */
const SCALED_WARMUP = 5;
const MOST_WARMUP = 0.5;

/** The part of a one-cycle training in which its learning rate rises. */
const ONE_CYCLE_RISE = 0.3;

/** @param steps the number of steps in the whole training */
export function compileModel(model: Model, config: TrainingConfig, steps: number): void {
  model.compile({
    optimizer: optimizerFor(config, steps, model.network),
    loss: answersByDistance(model.network) ? { name: "radialBasis" } : lossOf(config),
    metrics: config.task === "regression" ? [] : ["accuracy"],
  });
}

/** Whether a network's answers are distances, for which there is a loss of their own; all others give logits. */
export function answersByDistance({ layers }: Pick<Network, "layers">): boolean {
  return layers.at(-1)?.layer.className === "RadialBasis";
}

function optimizerFor(config: TrainingConfig, steps: number, network: Network): Optimizer {
  const { name, config: defaults } = optimizerOf(config.optimizer);
  const { name: schedule, config: numbers } = scheduleOf(config, steps);
  const learningRate = { name: schedule, config: numbers };
  return optimizerFromConfig({
    name,
    config: {
      ...defaults,
      learningRate,
      weightDecay: config.weightDecay,
      ...(config.transfer?.how === "fine-tuned" && { layerRates: ratesByDepth(network) }),
    },
  });
}

/**
 * A scaled learning rate rises from the one that was given, over {@link SCALED_WARMUP} epochs: with a large batch the first steps are the
 * ones that go astray (Goyal et al. 2017, arXiv:1706.02677, section 2.2). One-cycle begins below it anyway, and rises for as long at least.
 */
export function scheduleOf(
  {
    schedule,
    learningRate,
    scaleLearningRate,
    epochs,
  }: Pick<TrainingConfig, "schedule" | "learningRate" | "scaleLearningRate" | "epochs">,
  steps: number,
): Schedule {
  const factor = scaleLearningRate === true ? 1 : scaleLearningRate;
  const isScaled = factor !== 1;
  const highest = factor * learningRate;
  const rise = Math.min(SCALED_WARMUP / epochs, MOST_WARMUP);
  if (schedule === "one-cycle") {
    return oneCycle({
      maxLearningRate: highest,
      totalSteps: steps,
      ...(isScaled && rise > ONE_CYCLE_RISE && { pctStart: rise }),
    });
  }
  if (schedule === "constant" && !isScaled) return constantLearningRate({ learningRate });
  const warmupSteps = Math.max(1, Math.round((isScaled ? rise : WARMUP) * steps));
  const decaySteps = Math.max(1, steps - warmupSteps);
  return linearWarmup({
    warmupSteps,
    ...(isScaled && { initialLearningRate: learningRate }),
    schedule:
      schedule === "constant"
        ? constantLearningRate({ learningRate: highest })
        : cosineDecay({ initialLearningRate: highest, decaySteps }),
  });
}

function lossOf({ task, labelSmoothing }: TrainingConfig): LossConfig {
  if (task === "regression") return { name: "meanSquaredError" };
  return { name: task === "tagging" ? "binaryCrossEntropy" : "softmaxCrossEntropy", labelSmoothing };
}

/** The factor of the learning rate of the first layers when a network is fine-tuned. */
const FIRST_RATE = 0.1;

/**
 * Factors of the learning rate from a tenth at the first layers with weights to 1 at the last: what is near the input is what
 * different data have in common. Depth counts layers with weights on the longest way from the input.
 */
export function ratesByDepth({ nodes, inputs, weights }: Network): Record<string, number> {
  const weighted = new Set(weights.map(({ layer }) => layer));
  const depths = inputs.map(() => 0);
  const depthOf = new Map<string, number>();
  for (const { layer, inputs: values } of nodes) {
    const before = Math.max(...values.map((value) => depths[value]));
    const depth = before + (weighted.has(layer.name) ? 1 : 0);
    depths.push(depth);
    if (weighted.has(layer.name)) depthOf.set(layer.name, Math.max(depth, depthOf.get(layer.name) ?? 0));
  }
  const deepest = Math.max(...depths);
  const rateAt = (depth: number) => (deepest > 1 ? FIRST_RATE ** ((deepest - depth) / (deepest - 1)) : 1);
  return Object.fromEntries([...depthOf].map(([name, depth]) => [name, rateAt(depth)]));
}
