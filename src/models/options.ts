import type { OptionNames } from "../options.ts";
import type { Shape } from "../tensor/shape.ts";

/** Options that every model of this folder takes. */
export interface ModelOptions {
  /** The shape of one example, batch axis left out. Default: each model's own. */
  readonly inputShape?: Shape;
  /** Number of outputs. Default 10. */
  readonly classes?: number;
  /** Default 0. */
  readonly seed?: number;
}

/** The names of {@link ModelOptions}. */
export const MODEL_OPTIONS: OptionNames<ModelOptions> = { inputShape: true, classes: true, seed: true };
