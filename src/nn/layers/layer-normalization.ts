import { layerNorm } from "../../ops/layer-norm.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { makeLayer } from "./make-layer.ts";
import { checkAxisOption, keptAxes, listOf } from "./axes.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";
import { CENTER_AND_SCALE_OPTIONS, centerAndScale, type CenterAndScaleOptions } from "./weight-specs.ts";

export interface LayerNormalizationOptions extends LayerOptions, CenterAndScaleOptions {
  /** The axis or axes to normalise over; the batch is axis 0. Default -1. */
  readonly axis?: number | readonly number[];
  /** Added to the variance under the root. Default 1e-3 (Keras; PyTorch's is 1e-5). */
  readonly epsilon?: number;
}

const OPTIONS: OptionNames<LayerNormalizationOptions> = {
  axis: true,
  epsilon: true,
  ...CENTER_AND_SCALE_OPTIONS,
  ...LAYER_OPTIONS,
};

const WHERE = "layerNormalization";

/**
 * Layer normalisation over the last axis or those that `axis` names (Ba et al. 2016), alike in training and inference; Keras'
 * `LayerNormalization`. Weights `gamma` and `beta`, both as long as the axes, in the axes' order in the input.
 */
export function layerNormalization(options: LayerNormalizationOptions = {}): Layer {
  checkOptions(WHERE, options, OPTIONS);
  const check = checksFor(WHERE);
  const axis = checkAxisOption(check, options.axis);
  const axes = listOf(axis);
  const epsilon = check.number("epsilon", options.epsilon, 1e-3, 0);
  const { center, scale, ...parameters } = centerAndScale(check, options);
  return makeLayer(
    {
      className: "LayerNormalization",
      factory: WHERE,
      config: { axis, epsilon, ...parameters.config },
      options: OPTIONS,
      weights([inputShape]) {
        const chosen = keptAxes([1, ...inputShape], axes, WHERE);
        return parameters.specs(chosen.map((one) => inputShape[one - 1]));
      },
      call([x], context) {
        const gamma = scale ? context.weight("gamma") : undefined;
        const beta = center ? context.weight("beta") : undefined;
        return layerNorm(x, { gamma, beta, epsilon, axis: axes });
      },
    },
    options,
  );
}
