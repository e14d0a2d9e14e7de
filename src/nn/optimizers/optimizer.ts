/** @file The optimizer: an update rule over stretches of weights, and the options that all of them share. */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { OptionNames } from "../../options.ts";
import { checkNumber, type Rule } from "../schedules/schedule.ts";
import { constantLearningRate, scheduleFromConfig, type Schedule } from "../schedules/index.ts";
import { shownValue } from "../../shown-value.ts";

/** Options of every optimizer. */
export interface OptimizerOptions {
  /** A number, 0 or more, or a schedule over the steps. */
  readonly learningRate?: number | Schedule;
  /** Clips every gradient element to -clipValue … clipValue; above 0. Not together with `clipNorm`. */
  readonly clipValue?: number;
  /**
   * Scales all gradients down together so that the square root of the sum of all their squares is at most this;
   * above 0. Keras' `global_clipnorm` and PyTorch's `clip_grad_norm_`; Keras' own `clipnorm` clips each weight alone.
   */
  readonly clipNorm?: number;
  /**
   * Decoupled weight decay: before each update, weights shrink by learning rate · weightDecay · weight. 0 or more.
   * Biases and normalisation are left alone.
   */
  readonly weightDecay?: number;
  /**
   * Adds l2 · weight to the gradients, after clipping: PyTorch's `weight_decay` of SGD and Adam, and what Keras' kernel
   * regularizer `l2(l2 / 2)` does but for the reported loss, which has no penalty here. 0 or more. Biases and
   * normalisation are left alone.
   */
  readonly l2?: number;
  /**
   * Factors of the learning rate, 0 or more, by the names of layers: `{ conv2d_1: 0.1 }`. Layers that are not named have 1. The
   * whole update of their weights is scaled, weight decay included.
   */
  readonly layerRates?: Readonly<Record<string, number>>;
}

/** The names of {@link OptimizerOptions}. */
export const OPTIMIZER_OPTIONS: OptionNames<OptimizerOptions> = {
  learningRate: true,
  clipValue: true,
  clipNorm: true,
  weightDecay: true,
  l2: true,
  layerRates: true,
};

/** An optimizer as a model file stores it: its name and all its options, plain JSON. */
export interface OptimizerConfig {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** New values of weights and slots. */
export interface Update {
  readonly weights: Tensor;
  readonly slots: readonly Tensor[];
}

/** An update rule with its options. It holds no state: slots and the count of steps belong to the model in training. */
export interface Optimizer extends OptimizerConfig {
  readonly schedule: Schedule;
  readonly clipValue: number | undefined;
  readonly clipNorm: number | undefined;
  readonly weightDecay: number;
  readonly l2: number;
  readonly layerRates: Readonly<Record<string, number>> | undefined;
  /** The values it keeps for each weight between steps, all 0 at the start: "momentum", "velocity". */
  readonly slots: readonly string[];
  /**
   * Numbers that are the same for all weights in one step, computed in double precision before it.
   * @param step how many updates were made before: 0 for the first
   */
  scalars(learningRate: number, step: number): readonly number[];
  /** The rule, element by element; `scalars` are those of {@link Optimizer.scalars}, in order. */
  update(weights: Tensor, gradient: Tensor, slots: readonly Tensor[], scalars: readonly Tensor[]): Update;
}

/** The parts that differ from one optimizer to another. */
export interface OptimizerDefinition {
  readonly name: string;
  readonly defaultLearningRate: number;
  readonly defaultWeightDecay: number;
  /** Its own options, checked. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly slots: readonly string[];
  readonly scalars: Optimizer["scalars"];
  readonly update: Optimizer["update"];
}

/** @throws AuricleError "argument" naming the optimizer and the option that makes no sense. */
export function defineOptimizer(definition: OptimizerDefinition, options: OptimizerOptions): Optimizer {
  const { name } = definition;
  const { learningRate = definition.defaultLearningRate, clipValue, clipNorm } = options;
  const check = (option: string, value: number | undefined, rule: Rule) =>
    value === undefined ? undefined : checkNumber(name, option, value, rule);
  if (clipValue !== undefined && clipNorm !== undefined) {
    throw new AuricleError(
      "argument",
      `${name}: give clipValue or clipNorm, not both; got ${shownValue(clipValue)}, ${shownValue(clipNorm)}`,
    );
  }
  const common = {
    clipValue: check("clipValue", clipValue, "above 0"),
    clipNorm: check("clipNorm", clipNorm, "above 0"),
    weightDecay: checkNumber(
      name,
      "weightDecay",
      options.weightDecay ?? definition.defaultWeightDecay,
      "0 or more",
    ),
    l2: checkNumber(name, "l2", options.l2 ?? 0, "0 or more"),
    layerRates: options.layerRates,
  };
  for (const [layer, rate] of Object.entries(options.layerRates ?? {})) {
    checkNumber(name, `layerRates.${layer}`, rate, "0 or more");
  }
  const isNumber = !isSchedule(learningRate);
  if (isNumber) checkNumber(name, "learningRate", learningRate, "0 or more");
  const stored = isNumber ? learningRate : { name: learningRate.name, config: learningRate.config };
  return {
    name,
    config: { ...definition.config, learningRate: stored, ...common },
    schedule: isNumber ? constantLearningRate({ learningRate }) : learningRate,
    ...common,
    slots: definition.slots,
    scalars: definition.scalars,
    update: definition.update,
  };
}

/** Whatever else it is gets checked as a number. */
function isSchedule(learningRate: number | Schedule): learningRate is Schedule {
  return typeof learningRate === "object" && learningRate !== null && "at" in learningRate;
}

/** Checks a flag that may come from a file. @throws AuricleError "argument" unless it is true or false. */
export function checkFlag(name: string, option: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new AuricleError("argument", `${name}: ${option} must be true or false; got ${shownValue(value)}`);
}

/** The learning rate of a stored config. @throws AuricleError "argument" when it is neither a number nor a schedule. */
export function storedLearningRate(name: string, value: unknown): number | Schedule {
  if (typeof value === "number") return value;
  if (typeof value === "object" && value !== null && "name" in value && "config" in value) {
    const { name: schedule, config } = value;
    if (typeof schedule === "string" && typeof config === "object" && config !== null) {
      return scheduleFromConfig({ name: schedule, config: { ...config } });
    }
  }
  throw new AuricleError(
    "argument",
    `${name}: learningRate must be a number, 0 or more, or a stored schedule; got ${shownValue(value)}`,
  );
}
