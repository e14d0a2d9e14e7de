import { groupNorm } from "../../ops/group-norm.ts";
import { isCount } from "../../ops/window.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { axisOfExample } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";
import { CENTER_AND_SCALE_OPTIONS, centerAndScale, type CenterAndScaleOptions } from "./weight-specs.ts";

export interface GroupNormalizationOptions extends LayerOptions, CenterAndScaleOptions {
  /** How many groups the channels are split into; must divide them. -1: as many as channels. Default 32. */
  readonly groups?: number;
  /** The axis of the channels; the batch is axis 0. Default -1. */
  readonly axis?: number;
  /** Added to the variance under the root. Default 1e-3 (Keras; PyTorch's is 1e-5). */
  readonly epsilon?: number;
}

const OPTIONS: OptionNames<GroupNormalizationOptions> = {
  groups: true,
  axis: true,
  epsilon: true,
  ...CENTER_AND_SCALE_OPTIONS,
  ...LAYER_OPTIONS,
};

/**
 * Group normalisation (Wu and He 2018): gives each example mean 0 and variance 1 over every group of channels and all other
 * axes, alike in training and inference; Keras' `GroupNormalization`. Weights `gamma` and `beta`, both `[C]`. `groups: -1` is
 * instance normalisation (Ulyanov et al. 2016), `groups: 1` normalises the whole example.
 */
export function groupNormalization(options: GroupNormalizationOptions = {}): Layer {
  const where = "groupNormalization";
  checkOptions(where, options, OPTIONS);
  const check = checksFor(where);
  const groups = check.other("groups", options.groups, {
    type: "integer",
    wanted: "a positive integer or -1",
    parse: (value) => (value === -1 || isCount(value) ? value : undefined),
    fallback: 32,
  });
  const axis = check.integer("axis", options.axis, -1);
  const epsilon = check.number("epsilon", options.epsilon, 1e-3, 0);
  const { center, scale, ...parameters } = centerAndScale(check, options);
  return makeLayer(
    {
      className: "GroupNormalization",
      factory: where,
      config: { groups, axis, epsilon, ...parameters.config },
      options: OPTIONS,
      weights: ([shape]) => parameters.specs([shape[axisOfExample(where, axis, shape)]]),
      call([x], context) {
        const gamma = scale ? context.weight("gamma") : undefined;
        const beta = center ? context.weight("beta") : undefined;
        const channels = x.shape[1 + axisOfExample(where, axis, x.shape.slice(1))];
        return groupNorm(x, { groups: groups === -1 ? channels : groups, gamma, beta, epsilon, axis });
      },
    },
    options,
  );
}
