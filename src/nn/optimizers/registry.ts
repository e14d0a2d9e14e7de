import { AuricleError } from "../../errors.ts";
import { checkNumber } from "../schedules/schedule.ts";
import { adam, adamw } from "./adam.ts";
import { commonOptions, type Optimizer, type OptimizerConfig } from "./optimizer.ts";
import { rmsprop } from "./rmsprop.ts";
import { sgd } from "./sgd.ts";

const BY_NAME = { sgd, rmsprop, adam, adamw } satisfies Record<string, () => Optimizer>;

/** The names that stand for an optimizer with its defaults: `compile({ optimizer: "adam" })`. */
export type OptimizerName = keyof typeof BY_NAME;

function isOptimizerName(name: string): name is OptimizerName {
  return Object.hasOwn(BY_NAME, name);
}

/** All names that stand for an optimizer. */
export const OPTIMIZER_NAMES: readonly OptimizerName[] = Object.keys(BY_NAME).filter(isOptimizerName);

/**
 * What `compile`'s option means: a name stands for that optimizer with its defaults, an optimizer for itself.
 * @throws AuricleError "argument" when no optimizer has that name.
 */
export function optimizerOf(nameOrOptimizer: OptimizerName | Optimizer): Optimizer {
  if (typeof nameOrOptimizer !== "string") return nameOrOptimizer;
  if (!isOptimizerName(nameOrOptimizer)) throw unknownName(nameOrOptimizer);
  return BY_NAME[nameOrOptimizer]();
}

/**
 * Rebuilds an optimizer from its name and config, as a model file stores them.
 * @throws AuricleError "argument" when the name is unknown or an option is missing or unusable.
 */
export function optimizerFromConfig(stored: OptimizerConfig): Optimizer {
  const { name, config } = stored;
  if (!isOptimizerName(name)) throw unknownName(name);
  const common = commonOptions(stored);
  const number = (option: string) => checkNumber(name, option, config[option], "a finite number");
  switch (name) {
    case "sgd":
      return sgd({ ...common, momentum: number("momentum"), nesterov: config.nesterov === true });
    case "rmsprop":
      return rmsprop({
        ...common,
        rho: number("rho"),
        momentum: number("momentum"),
        epsilon: number("epsilon"),
      });
    case "adam":
    case "adamw":
      return BY_NAME[name]({
        ...common,
        beta1: number("beta1"),
        beta2: number("beta2"),
        epsilon: number("epsilon"),
      });
  }
}

function unknownName(name: string): AuricleError {
  return new AuricleError(
    "argument",
    `optimizer: name must be one of ${OPTIMIZER_NAMES.join(", ")}; got "${name}"`,
  );
}
