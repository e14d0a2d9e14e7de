import type { Shape } from "../tensor/shape.ts";
import type { Constraint } from "./constraints.ts";
import type { Initializer } from "./initializers/index.ts";
import type { Regularizer } from "./regularizers.ts";

/** A weight that a layer asks for when it is built. */
export interface WeightSpec {
  /** "kernel", "bias", "gamma", … */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** false for what training updates by other means than gradients: running statistics. */
  readonly trainable: boolean;
  /** Whether weight decay applies: true for kernels, false for biases and normalisation. */
  readonly decay: boolean;
  /** A penalty that is added to the loss while the layer is not frozen. Absent: none. */
  readonly regularizer?: Regularizer;
  /** The constraint that the weight is brought back to after each update. Absent: none. */
  readonly constraint?: Constraint;
}
