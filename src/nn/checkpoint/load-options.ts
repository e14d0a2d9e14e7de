/** @file How a model file is read. */
import type { OptionNames } from "../../options.ts";
import type { LossFunction } from "../losses/index.ts";
import { ENGINE_OPTIONS, type EngineOptions } from "../training/engine-options.ts";
import type { OutputOptions } from "../training/trained-outputs.ts";

export interface LoadOptions extends EngineOptions {
  /**
   * The loss, where it was a function of one's own; without it such a model comes back not compiled. For several outputs
   * those that were functions, by name.
   */
  readonly loss?: LossFunction | Readonly<Record<string, LossFunction>>;
  /** In place of the stored metrics, as `compile` takes them; metrics that are objects are not stored. */
  readonly metrics?: OutputOptions["metrics"];
}

/** The names of {@link LoadOptions}. */
export const LOAD_OPTIONS: OptionNames<LoadOptions> = { ...ENGINE_OPTIONS, loss: true, metrics: true };
