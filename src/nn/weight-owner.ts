import type { Shape } from "../tensor/shape.ts";
import type { WeightEntry } from "./weight-layout.ts";

/** A network whose weights others share: those that use it as a layer. */
export interface WeightOwner {
  readonly name: string;
  readonly inputShapes: readonly Shape[];
  readonly weights: readonly WeightEntry[];
  /** Counts changes of the weights. */
  version: number;
  /** A weight's numbers, in place. */
  wordsOf(entry: WeightEntry): Float32Array;
}
