import { AuricleError } from "../../errors.ts";
import { didYouMean } from "../../options.ts";
import { adadelta, adagrad } from "./adagrad.ts";
import { adam, adamax, adamw, nadam } from "./adam.ts";
import { storedLearningRate, type Optimizer, type OptimizerConfig } from "./optimizer.ts";
import { rmsprop } from "./rmsprop.ts";
import { sgd } from "./sgd.ts";

/** Each function checks its options itself, so a stored config needs no other check. */
const BY_NAME = {
  sgd,
  rmsprop,
  adagrad,
  adadelta,
  adam,
  adamax,
  adamw,
  nadam,
} satisfies Record<string, (options?: never) => Optimizer>;

/** The names that stand for an optimizer with its defaults: `compile({ optimizer: "adam" })`. */
export type OptimizerName = keyof typeof BY_NAME;

function isOptimizerName(name: string): name is OptimizerName {
  return Object.hasOwn(BY_NAME, name);
}

/** All names that stand for an optimizer. */
export const OPTIMIZER_NAMES: readonly OptimizerName[] = Object.keys(BY_NAME).filter(isOptimizerName);

/**
 * Returns the optimizer that `compile`'s option stands for: a name for that optimizer with its
 * defaults, an optimizer for itself.
 * @throws AuricleError "argument" when no optimizer has that name, or for anything else.
 */
export function optimizerOf(nameOrOptimizer: OptimizerName | Optimizer): Optimizer {
  if (isOptimizer(nameOrOptimizer)) return nameOrOptimizer;
  if (typeof nameOrOptimizer === "string" && isOptimizerName(nameOrOptimizer))
    return BY_NAME[nameOrOptimizer]();
  throw unknownName(nameOrOptimizer);
}

function isOptimizer(value: OptimizerName | Optimizer): value is Optimizer {
  return typeof value === "object" && value !== null && "update" in value;
}

/**
 * Rebuilds an optimizer from its name and config, as a model file stores them. Options that a config leaves out have their
 * defaults.
 * @throws AuricleError "argument" when the name or an option is unknown, or an option is unusable.
 */
export function optimizerFromConfig({ name, config }: OptimizerConfig): Optimizer {
  if (!isOptimizerName(name)) throw unknownName(name);
  const make: (options: never) => Optimizer = BY_NAME[name];
  return make({ ...config, learningRate: storedLearningRate(name, config.learningRate) } as never);
}

function unknownName(given: unknown): AuricleError {
  const names = OPTIMIZER_NAMES.join(", ");
  if (typeof given === "string") {
    const meant = didYouMean(given, OPTIMIZER_NAMES);
    return new AuricleError("argument", `optimizer: name must be one of ${names}; got "${given}"${meant}`);
  }
  const came =
    typeof given === "function" ? "a function; call it: adam()" : (JSON.stringify(given) ?? "nothing");
  return new AuricleError(
    "argument",
    `optimizer: must be made by one of ${names}, or be its name; got ${came}`,
  );
}
