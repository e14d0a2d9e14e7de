/** @file Optimizers that divide by what the gradients of each weight have been so far. Formulas and defaults are Keras'. */
import { checkOptions, type OptionNames } from "../../options.ts";
import { add, divide, multiply, subtract } from "../../ops/arithmetic.ts";
import { sqrt } from "../../ops/exponential.ts";
import { checkNumber } from "../schedules/schedule.ts";
import { defineOptimizer, OPTIMIZER_OPTIONS, type Optimizer, type OptimizerOptions } from "./optimizer.ts";

export interface AdagradOptions extends OptimizerOptions {
  /** The initial sum of squares, 0 or more; default 0.1, as in Keras; PyTorch's is 0. */
  readonly initialAccumulatorValue?: number;
  /** Stands under the root; PyTorch adds it to the root. Default 1e-7. */
  readonly epsilon?: number;
}

const ADAGRAD_OPTIONS: OptionNames<AdagradOptions> = {
  ...OPTIMIZER_OPTIONS,
  initialAccumulatorValue: true,
  epsilon: true,
};

/**
 * Adagrad (Duchi, Hazan and Singer 2011) in the form of Keras: a ← a + g²; w ← w - rate·g / √(a + epsilon). The more a weight
 * has been moved, the smaller its steps. Default learning rate 0.001.
 * @throws AuricleError "argument" for an option that it does not have or that is out of range.
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  checkOptions("adagrad", options, ADAGRAD_OPTIONS);
  const initialAccumulatorValue = checkNumber(
    "adagrad",
    "initialAccumulatorValue",
    options.initialAccumulatorValue ?? 0.1,
    "0 or more",
  );
  const epsilon = checkNumber("adagrad", "epsilon", options.epsilon ?? 1e-7, "0 or more");
  return defineOptimizer(
    {
      name: "adagrad",
      defaultLearningRate: 0.001,
      defaultWeightDecay: 0,
      config: { initialAccumulatorValue, epsilon },
      slots: ["accumulator"],
      scalars: (learningRate) => [learningRate],
      update: (weights, gradient, [accumulator], [learningRate]) => {
        // The slot begins at 0, as all slots do; what Keras begins with is added under the root.
        const squares = add(accumulator, multiply(gradient, gradient));
        const root = sqrt(add(squares, initialAccumulatorValue + epsilon));
        return {
          weights: subtract(weights, divide(multiply(gradient, learningRate), root)),
          slots: [squares],
        };
      },
    },
    options,
  );
}

export interface AdadeltaOptions extends OptimizerOptions {
  /** How much of the means of squares stays, 0 … 1; default 0.95, Keras'; PyTorch's is 0.9. */
  readonly rho?: number;
  /** Stands under both roots. Default 1e-7. */
  readonly epsilon?: number;
}

const ADADELTA_OPTIONS: OptionNames<AdadeltaOptions> = { ...OPTIMIZER_OPTIONS, rho: true, epsilon: true };

/**
 * Adadelta (Zeiler 2012) in the form of Keras: a ← rho·a + (1 - rho)·g²; d = √(s + epsilon) / √(a + epsilon)·g;
 * s ← rho·s + (1 - rho)·d²; w ← w - rate·d. Default learning rate 0.001, Keras'; that of the paper and PyTorch is 1.
 * @throws AuricleError "argument" for an option that it does not have or that is out of range.
 */
export function adadelta(options: AdadeltaOptions = {}): Optimizer {
  checkOptions("adadelta", options, ADADELTA_OPTIONS);
  const rho = checkNumber("adadelta", "rho", options.rho ?? 0.95, "in 0 … 1");
  const epsilon = checkNumber("adadelta", "epsilon", options.epsilon ?? 1e-7, "above 0");
  return defineOptimizer(
    {
      name: "adadelta",
      defaultLearningRate: 0.001,
      defaultWeightDecay: 0,
      config: { rho, epsilon },
      slots: ["gradientSquares", "moveSquares"],
      scalars: (learningRate) => [learningRate],
      update: (weights, gradient, [gradientSquares, moveSquares], [learningRate]) => {
        const squares = add(multiply(gradientSquares, rho), multiply(multiply(gradient, gradient), 1 - rho));
        const root = divide(sqrt(add(moveSquares, epsilon)), sqrt(add(squares, epsilon)));
        const move = multiply(gradient, root);
        const moves = add(multiply(moveSquares, rho), multiply(multiply(move, move), 1 - rho));
        return { weights: subtract(weights, multiply(move, learningRate)), slots: [squares, moves] };
      },
    },
    options,
  );
}
