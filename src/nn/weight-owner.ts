import type { Shape } from "../tensor/shape.ts";
import type { ReadonlyFloats } from "../graph/slab.ts";
import type { WeightEntry } from "./weight-layout.ts";

/** A network whose weights others share: those that use it as a layer. */
export interface WeightOwner {
  readonly name: string;
  readonly inputShapes: readonly Shape[];
  readonly weights: readonly WeightEntry[];
  /** Counts changes of the weights. */
  version: number;
  /** A weight's numbers, in place, to read. */
  wordsOf(entry: WeightEntry): ReadonlyFloats;
  /** A weight's numbers, in place, to change. */
  editWords(entry: WeightEntry): Float32Array;
}
