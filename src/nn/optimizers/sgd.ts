import { AuricleError } from "../../errors.ts";
import { add, multiply, subtract } from "../../ops/arithmetic.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { checkNumber } from "../schedules/schedule.ts";
import {
  defineOptimizer,
  type Optimizer,
  type OptimizerOptions,
  OPTIMIZER_OPTIONS,
  checkFlag,
} from "./optimizer.ts";

export interface SgdOptions extends OptimizerOptions {
  /** 0 … 1; default 0. */
  readonly momentum?: number;
  /** Nesterov's momentum; default false. */
  readonly nesterov?: boolean;
}

const OPTIONS: OptionNames<SgdOptions> = { ...OPTIMIZER_OPTIONS, momentum: true, nesterov: true };

/**
 * Stochastic gradient descent with Keras' formulas: m ← momentum·m - rate·g; w ← w + m, or with Nesterov's momentum
 * w ← w + momentum·m - rate·g. Default learning rate 0.01.
 * @throws AuricleError "argument" for an option out of range.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkOptions("sgd", options, OPTIONS);
  const momentum = checkNumber("sgd", "momentum", options.momentum ?? 0, "in 0 … 1");
  const nesterov = checkFlag("sgd", "nesterov", options.nesterov ?? false);
  if (nesterov && momentum === 0) {
    throw new AuricleError("argument", "sgd: nesterov needs a momentum above 0; got momentum 0");
  }
  return defineOptimizer(
    {
      name: "sgd",
      defaultLearningRate: 0.01,
      defaultWeightDecay: 0,
      config: { momentum, nesterov },
      slots: momentum > 0 ? ["momentum"] : [],
      scalars: (learningRate) => [learningRate],
      update: (weights, gradient, [before], [learningRate]) => {
        const move = multiply(gradient, learningRate);
        if (momentum === 0) return { weights: subtract(weights, move), slots: [] };
        const after = subtract(multiply(before, momentum), move);
        const step = nesterov ? subtract(multiply(after, momentum), move) : after;
        return { weights: add(weights, step), slots: [after] };
      },
    },
    options,
  );
}
