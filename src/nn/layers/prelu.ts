import { prelu as preluOf } from "../../ops/activation.ts";
import { reshape } from "../../ops/reshape.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { ConstraintOption } from "../constraints.ts";
import type { Layer } from "../layer.ts";
import type { RegularizerOption } from "../regularizers.ts";
import { axisOfExample, checkAxisOption, listOf } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, LAYER_OPTIONS, type InitializerOption, type LayerOptions } from "./options.ts";
import { weightRule } from "./weight-specs.ts";

export interface PReLUOptions extends LayerOptions {
  /**
   * Axes along which one slope is shared; the batch is axis 0. [1, 2] gives images a slope for each channel, as PyTorch has it.
   * Default: none, so that each position has a slope of its own.
   */
  readonly sharedAxes?: readonly number[];
  /** Initial values of the slopes. Default "zeros" (Keras; PyTorch begins with 0.25). */
  readonly alphaInitializer?: InitializerOption;
  /** A penalty on the slopes, added to the loss. Default: none. */
  readonly alphaRegularizer?: RegularizerOption;
  /** The constraint that the slopes are brought back to after each update. Default: none. */
  readonly alphaConstraint?: ConstraintOption;
}

const OPTIONS: OptionNames<PReLUOptions> = {
  sharedAxes: true,
  alphaInitializer: true,
  alphaRegularizer: true,
  alphaConstraint: true,
  ...LAYER_OPTIONS,
};

/**
 * x above 0, alpha·x below, with slopes that are learnt (He et al. 2015); Keras' `PReLU`. Weight `alpha` of one example's shape,
 * with length 1 along the shared axes. Shapes stay.
 */
export function prelu(options: PReLUOptions = {}): Layer {
  const where = "prelu";
  checkOptions(where, options, OPTIONS);
  const check = checksFor(where);
  const sharedAxes = listOf(checkAxisOption(check, options.sharedAxes, "sharedAxes", []));
  const alpha = weightRule(check, "alpha", options, "zeros");
  return makeLayer(
    {
      className: "PReLU",
      factory: where,
      config: { sharedAxes, ...alpha.config },
      options: OPTIONS,
      weights([shape]) {
        const shared = sharedAxes.map((axis) => axisOfExample(where, axis, shape));
        const lengths = shape.map((length, axis) => (shared.includes(axis) ? 1 : length));
        return [alpha.spec("alpha", lengths, false)];
      },
      call([x], context) {
        const slopes = context.weight("alpha");
        return preluOf(x, reshape(slopes, [1, ...slopes.shape]));
      },
    },
    options,
  );
}
