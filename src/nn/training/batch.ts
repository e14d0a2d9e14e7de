/** @file The arrays that batches are read into. */
import type { DType } from "../../tensor/array.ts";
import type { Shape } from "../../tensor/shape.ts";

/** The arrays that a batch is written to; each holds the batch's examples one after the other. */
export interface BatchArrays {
  readonly inputs: readonly Float32Array[];
  /** For each trained output. */
  readonly targets: readonly (Float32Array | Int32Array)[];
  /** For each trained output, one weight per example or position, where there are weights. */
  readonly weights: readonly (Float32Array | undefined)[];
}

/** The targets of one output. */
export interface TargetSpec {
  /** The target's shape for one example; `[]` for a class index. */
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The parts of an output that have weights: none, each example, or each of its positions, which are all axes but the last. */
export type Weighted = false | "examples" | "positions";
