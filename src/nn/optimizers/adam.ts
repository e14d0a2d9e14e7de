import { add, divide, multiply, subtract } from "../../ops/arithmetic.ts";
import { sqrt } from "../../ops/exponential.ts";
import { checkNumber } from "../schedules/schedule.ts";
import { defineOptimizer, type Optimizer, type OptimizerOptions } from "./optimizer.ts";

export interface AdamOptions extends OptimizerOptions {
  /** How much of the mean of gradients stays, 0 … below 1; default 0.9. */
  readonly beta1?: number;
  /** How much of the mean of squares stays, 0 … below 1; default 0.999. */
  readonly beta2?: number;
  /** Added to the root before the bias correction ("epsilon hat"); PyTorch adds it after. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Adam (Kingma and Ba 2015) in the form of Keras: m ← m + (1 - beta1)(g - m); v ← v + (1 - beta2)(g² - v);
 * w ← w - rate·√(1 - beta2ᵗ) / (1 - beta1ᵗ)·m / (√v + epsilon), t = 1 for the first step. Default learning rate 0.001.
 * @throws AuricleError "argument" for an option out of range.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return adamLike("adam", 0, options);
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): {@link adam}'s step after w ← w - rate·weightDecay·w.
 * Default weight decay 0.004, Keras'; PyTorch's is 0.01. Biases and normalisation do not decay, unlike Keras' default.
 * @throws AuricleError "argument" for an option out of range.
 */
export function adamw(options: AdamOptions = {}): Optimizer {
  return adamLike("adamw", 0.004, options);
}

function checkBeta(name: string, option: string, value: number): number {
  return value === 0 ? 0 : checkNumber(name, option, value, "above 0 and below 1");
}

function adamLike(name: string, defaultWeightDecay: number, options: AdamOptions): Optimizer {
  const beta1 = checkBeta(name, "beta1", options.beta1 ?? 0.9);
  const beta2 = checkBeta(name, "beta2", options.beta2 ?? 0.999);
  const epsilon = checkNumber(name, "epsilon", options.epsilon ?? 1e-7, "0 or more");
  return defineOptimizer(
    {
      name,
      defaultLearningRate: 0.001,
      defaultWeightDecay,
      config: { beta1, beta2, epsilon },
      slots: ["momentum", "velocity"],
      scalars: (learningRate, step) => [
        (learningRate * Math.sqrt(1 - beta2 ** (step + 1))) / (1 - beta1 ** (step + 1)),
      ],
      update: (weights, gradient, [momentum, velocity], [rate]) => {
        const mean = add(momentum, multiply(subtract(gradient, momentum), 1 - beta1));
        const square = multiply(gradient, gradient);
        const squares = add(velocity, multiply(subtract(square, velocity), 1 - beta2));
        const move = divide(multiply(mean, rate), add(sqrt(squares), epsilon));
        return { weights: subtract(weights, move), slots: [mean, squares] };
      },
    },
    options,
  );
}
