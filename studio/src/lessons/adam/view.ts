/** @file The settings of this lesson. */
import type { OptimizerName } from "./optimizers.ts";
import type { SurfaceName } from "./surfaces.ts";

export interface View extends Record<OptimizerName, number> {
  part: "surface" | "network" | "range";
  surface: SurfaceName;
  optimizer: OptimizerName;
  /** Where the paths begin: two weights, or none for the surface's own start. */
  start: readonly number[];
  steps: number;
  seed: number;
  /** Powers of ten of the learning rates on the network, in the order of the optimizers. */
  powers: readonly number[];
  trainingSteps: number;
}
