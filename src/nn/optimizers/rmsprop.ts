import { checkOptions, type OptionNames } from "../../options.ts";
import { add, divide, multiply, subtract } from "../../ops/arithmetic.ts";
import { sqrt } from "../../ops/exponential.ts";
import { checkNumber } from "../schedules/schedule.ts";
import {
  checkFlag,
  defineOptimizer,
  OPTIMIZER_OPTIONS,
  type Optimizer,
  type OptimizerOptions,
} from "./optimizer.ts";

export interface RmspropOptions extends OptimizerOptions {
  /** How much of the mean of squares stays, 0 … 1; default 0.9. */
  readonly rho?: number;
  /** 0 … 1; default 0. */
  readonly momentum?: number;
  /** Stands under the root; PyTorch adds it to the root. Default 1e-7. */
  readonly epsilon?: number;
  /** Divides by the deviation of the gradients in place of their mean square. Default false. */
  readonly centered?: boolean;
}

const OPTIONS: OptionNames<RmspropOptions> = {
  ...OPTIMIZER_OPTIONS,
  rho: true,
  momentum: true,
  epsilon: true,
  centered: true,
};

/**
 * RMSprop with Keras' formulas: v ← rho·v + (1 - rho)·g²; w ← w - rate·g / √(v + epsilon), the step going through a
 * momentum if there is one. Centered, a ← rho·a + (1 - rho)·g and v - a² stands for v under the root. Default learning rate
 * 0.001.
 * @throws AuricleError "argument" for an option that it does not have or that is out of range.
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  checkOptions("rmsprop", options, OPTIONS);
  const rho = checkNumber("rmsprop", "rho", options.rho ?? 0.9, "in 0 … 1");
  const momentum = checkNumber("rmsprop", "momentum", options.momentum ?? 0, "in 0 … 1");
  const epsilon = checkNumber("rmsprop", "epsilon", options.epsilon ?? 1e-7, "0 or more");
  const centered = checkFlag("rmsprop", "centered", options.centered ?? false);
  return defineOptimizer(
    {
      name: "rmsprop",
      defaultLearningRate: 0.001,
      defaultWeightDecay: 0,
      config: { rho, momentum, epsilon, centered },
      slots: ["velocity", ...(momentum > 0 ? ["momentum"] : []), ...(centered ? ["average"] : [])],
      scalars: (learningRate) => [learningRate],
      update: (weights, gradient, slots, [learningRate]) => {
        const [velocity, before] = slots;
        const squares = add(multiply(velocity, rho), multiply(multiply(gradient, gradient), 1 - rho));
        const mean = centered
          ? add(multiply(slots[slots.length - 1], rho), multiply(gradient, 1 - rho))
          : undefined;
        const variance = mean ? subtract(squares, multiply(mean, mean)) : squares;
        const move = divide(multiply(gradient, learningRate), sqrt(add(variance, epsilon)));
        const step = momentum > 0 ? add(multiply(before, momentum), move) : move;
        return {
          weights: subtract(weights, step),
          slots: [squares, ...(momentum > 0 ? [step] : []), ...(mean ? [mean] : [])],
        };
      },
    },
    options,
  );
}
