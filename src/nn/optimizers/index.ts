export { adadelta, adagrad, type AdadeltaOptions, type AdagradOptions } from "./adagrad.ts";
export { adam, adamax, adamw, nadam, type AdamOptions, type MomentsOptions } from "./adam.ts";
export type { Optimizer, OptimizerConfig, OptimizerOptions } from "./optimizer.ts";
export { OPTIMIZER_NAMES, optimizerFromConfig, optimizerOf, type OptimizerName } from "./registry.ts";
export { rmsprop, type RmspropOptions } from "./rmsprop.ts";
export { sgd, type SgdOptions } from "./sgd.ts";
