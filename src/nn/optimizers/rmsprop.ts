import { add, divide, multiply, subtract } from "../../ops/arithmetic.ts";
import { sqrt } from "../../ops/exponential.ts";
import { checkNumber } from "../schedules/schedule.ts";
import { defineOptimizer, type Optimizer, type OptimizerOptions } from "./optimizer.ts";

export interface RmspropOptions extends OptimizerOptions {
  /** How much of the mean of squares stays, 0 … 1; default 0.9. */
  readonly rho?: number;
  /** 0 … 1; default 0. */
  readonly momentum?: number;
  /** Stands under the root; PyTorch adds it to the root. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * RMSprop with Keras' formulas: v ← rho·v + (1 - rho)·g²; w ← w - rate·g / √(v + epsilon), the step going through a
 * momentum if there is one. Default learning rate 0.001.
 * @throws AuricleError "argument" for an option out of range.
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const rho = checkNumber("rmsprop", "rho", options.rho ?? 0.9, "in 0 … 1");
  const momentum = checkNumber("rmsprop", "momentum", options.momentum ?? 0, "in 0 … 1");
  const epsilon = checkNumber("rmsprop", "epsilon", options.epsilon ?? 1e-7, "0 or more");
  return defineOptimizer(
    {
      name: "rmsprop",
      defaultLearningRate: 0.001,
      defaultWeightDecay: 0,
      config: { rho, momentum, epsilon },
      slots: momentum > 0 ? ["velocity", "momentum"] : ["velocity"],
      scalars: (learningRate) => [learningRate],
      update: (weights, gradient, [velocity, before], [learningRate]) => {
        const squares = add(multiply(velocity, rho), multiply(multiply(gradient, gradient), 1 - rho));
        const move = divide(multiply(gradient, learningRate), sqrt(add(squares, epsilon)));
        if (momentum === 0) return { weights: subtract(weights, move), slots: [squares] };
        const after = add(multiply(before, momentum), move);
        return { weights: subtract(weights, after), slots: [squares, after] };
      },
    },
    options,
  );
}
