/** @file Adam and the optimizers that follow from it. Formulas and defaults are Keras'. */
import { checkOptions, type OptionNames } from "../../options.ts";
import { add, divide, multiply, subtract } from "../../ops/arithmetic.ts";
import { sqrt } from "../../ops/exponential.ts";
import { abs, maximum } from "../../ops/select.ts";
import { checkNumber } from "../schedules/schedule.ts";
import {
  checkFlag,
  defineOptimizer,
  OPTIMIZER_OPTIONS,
  type Optimizer,
  type OptimizerOptions,
} from "./optimizer.ts";

/** Options of {@link adamax} and {@link nadam}; {@link adam} and {@link adamw} have one more. */
export interface MomentsOptions extends OptimizerOptions {
  /** How much of the mean of gradients stays, 0 … below 1; default 0.9. */
  readonly beta1?: number;
  /** How much of the mean of squares stays, 0 … below 1; default 0.999. */
  readonly beta2?: number;
  /** Added to the root before the bias correction ("epsilon hat"); PyTorch adds it after. Default 1e-7. */
  readonly epsilon?: number;
}

const MOMENTS_OPTIONS: OptionNames<MomentsOptions> = {
  ...OPTIMIZER_OPTIONS,
  beta1: true,
  beta2: true,
  epsilon: true,
};

export interface AdamOptions extends MomentsOptions {
  /**
   * Divides by the root of the largest mean of squares so far, which then never grows smaller (Reddi, Kale and Kumar 2018).
   * Default false.
   */
  readonly amsgrad?: boolean;
}

const ADAM_OPTIONS: OptionNames<AdamOptions> = { ...MOMENTS_OPTIONS, amsgrad: true };

/**
 * Adam (Kingma and Ba 2015) in the form of Keras: m ← m + (1 - beta1)(g - m); v ← v + (1 - beta2)(g² - v);
 * w ← w - rate·√(1 - beta2ᵗ) / (1 - beta1ᵗ)·m / (√v + epsilon), t = 1 for the first step. Default learning rate 0.001.
 * @throws AuricleError "argument" for an option that it does not have or that is out of range.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return adamLike("adam", 0, options);
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): {@link adam}'s step after w ← w - rate·weightDecay·w.
 * Default weight decay 0.004, Keras'; PyTorch's is 0.01. Biases and normalisation do not decay, unlike Keras' default.
 * @throws AuricleError "argument" for an option that it does not have or that is out of range.
 */
export function adamw(options: AdamOptions = {}): Optimizer {
  return adamLike("adamw", 0.004, options);
}

function adamLike(name: string, defaultWeightDecay: number, options: AdamOptions): Optimizer {
  checkOptions(name, options, ADAM_OPTIONS);
  const { beta1, beta2, epsilon } = checkMoments(name, options);
  const amsgrad = checkFlag(name, "amsgrad", options.amsgrad ?? false);
  return defineOptimizer(
    {
      name,
      defaultLearningRate: 0.001,
      defaultWeightDecay,
      config: { beta1, beta2, epsilon, amsgrad },
      slots: ["momentum", "velocity", ...(amsgrad ? ["largestVelocity"] : [])],
      scalars: (learningRate, step) => [
        (learningRate * Math.sqrt(1 - beta2 ** (step + 1))) / (1 - beta1 ** (step + 1)),
      ],
      update: (weights, gradient, [momentum, velocity, before], [rate]) => {
        const mean = add(momentum, multiply(subtract(gradient, momentum), 1 - beta1));
        const square = multiply(gradient, gradient);
        const squares = add(velocity, multiply(subtract(square, velocity), 1 - beta2));
        const largest = amsgrad ? maximum(before, squares) : squares;
        const move = divide(multiply(mean, rate), add(sqrt(largest), epsilon));
        return {
          weights: subtract(weights, move),
          slots: [mean, squares, ...(amsgrad ? [largest] : [])],
        };
      },
    },
    options,
  );
}

/**
 * Adamax (Kingma and Ba 2015, section 7.1), which divides by the largest gradient in place of a mean of squares:
 * m ← m + (1 - beta1)(g - m); u ← max(beta2·u, |g|); w ← w - rate / (1 - beta1ᵗ)·m / (u + epsilon). Default learning rate 0.001.
 * @throws AuricleError "argument" for an option that it does not have or that is out of range.
 */
export function adamax(options: MomentsOptions = {}): Optimizer {
  checkOptions("adamax", options, MOMENTS_OPTIONS);
  const { beta1, beta2, epsilon } = checkMoments("adamax", options);
  return defineOptimizer(
    {
      name: "adamax",
      defaultLearningRate: 0.001,
      defaultWeightDecay: 0,
      config: { beta1, beta2, epsilon },
      slots: ["momentum", "norm"],
      scalars: (learningRate, step) => [learningRate / (1 - beta1 ** (step + 1))],
      update: (weights, gradient, [momentum, norm], [rate]) => {
        const mean = add(momentum, multiply(subtract(gradient, momentum), 1 - beta1));
        const largest = maximum(multiply(norm, beta2), abs(gradient));
        const move = divide(multiply(mean, rate), add(largest, epsilon));
        return { weights: subtract(weights, move), slots: [mean, largest] };
      },
    },
    options,
  );
}

/**
 * Adam with Nesterov's momentum (Dozat 2016) in the form of Keras: m and v as {@link adam}'s; with
 * μₜ = beta1·(1 - 0.96ᵗ / 2), w ← w - rate·(μₜ₊₁·m / (1 - μ₁…μₜ₊₁) + (1 - μₜ)·g / (1 - μ₁…μₜ)) / (√(v / (1 - beta2ᵗ)) + epsilon).
 * Default learning rate 0.001.
 * @throws AuricleError "argument" for an option that it does not have or that is out of range.
 */
export function nadam(options: MomentsOptions = {}): Optimizer {
  checkOptions("nadam", options, MOMENTS_OPTIONS);
  const { beta1, beta2, epsilon } = checkMoments("nadam", options);
  return defineOptimizer(
    {
      name: "nadam",
      defaultLearningRate: 0.001,
      defaultWeightDecay: 0,
      config: { beta1, beta2, epsilon },
      slots: ["momentum", "velocity"],
      scalars(learningRate, step) {
        const time = step + 1;
        const product = momentumProduct(beta1, time);
        const next = momentumAt(beta1, time + 1);
        return [
          (learningRate * next) / (1 - product * next),
          (learningRate * (1 - momentumAt(beta1, time))) / (1 - product),
          1 / (1 - beta2 ** time),
        ];
      },
      update: (weights, gradient, [momentum, velocity], [meanRate, gradientRate, correction]) => {
        const mean = add(momentum, multiply(subtract(gradient, momentum), 1 - beta1));
        const square = multiply(gradient, gradient);
        const squares = add(velocity, multiply(subtract(square, velocity), 1 - beta2));
        const ahead = add(multiply(mean, meanRate), multiply(gradient, gradientRate));
        const move = divide(ahead, add(sqrt(multiply(squares, correction)), epsilon));
        return { weights: subtract(weights, move), slots: [mean, squares] };
      },
    },
    options,
  );
}

/** μₜ of {@link nadam}. */
function momentumAt(beta1: number, time: number): number {
  return beta1 * (1 - 0.5 * 0.96 ** time);
}

/** After so many steps 0.96ᵗ / 2 is lost beside 1. */
const SETTLED = 1000;

/** μ₁…μₜ. */
function momentumProduct(beta1: number, time: number): number {
  let product = beta1 ** Math.max(0, time - SETTLED);
  for (let t = 1; t <= Math.min(time, SETTLED); t++) product *= momentumAt(beta1, t);
  return product;
}

function checkMoments(name: string, options: MomentsOptions) {
  return {
    beta1: checkBeta(name, "beta1", options.beta1 ?? 0.9),
    beta2: checkBeta(name, "beta2", options.beta2 ?? 0.999),
    epsilon: checkNumber(name, "epsilon", options.epsilon ?? 1e-7, "0 or more"),
  };
}

function checkBeta(name: string, option: string, value: number): number {
  return value === 0 ? 0 : checkNumber(name, option, value, "above 0 and below 1");
}
