import { add, multiply } from "../../ops/arithmetic.ts";
import { batchNorm } from "../../ops/batch-norm.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { initializerOf } from "../initializers/index.ts";
import type { Layer } from "../layer.ts";
import type { WeightSpec } from "../weight-spec.ts";
import { axisOfExample } from "./axes.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";
import { CENTER_AND_SCALE_OPTIONS, centerAndScale, type CenterAndScaleOptions } from "./weight-specs.ts";

export interface BatchNormalizationOptions extends LayerOptions, CenterAndScaleOptions {
  /** The axis of the channels, each of which is normalised by itself; the batch is axis 0. Default -1. */
  readonly axis?: number;
  /** The share of the running statistics that stays at each step: moving = momentum·moving + (1 - momentum)·batch. Default 0.99 (Keras; PyTorch's 0.1 is 0.9 in this sense). */
  readonly momentum?: number;
  /** Added to the variance under the root. Default 1e-3 (Keras; PyTorch's is 1e-5). */
  readonly epsilon?: number;
}

const OPTIONS: OptionNames<BatchNormalizationOptions> = {
  axis: true,
  momentum: true,
  epsilon: true,
  ...CENTER_AND_SCALE_OPTIONS,
  ...LAYER_OPTIONS,
};

/**
 * Batch normalisation of each channel (the last axis, unless `axis` names another) over all others (Ioffe and Szegedy 2015);
 * Keras' `BatchNormalization`. Weights `gamma`, `beta`, and the running `movingMean` and `movingVariance`, all `[C]`. The running
 * variance is the biased one, as in Keras; PyTorch keeps the unbiased one. A frozen layer uses its running statistics in
 * training too (Keras).
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): Layer {
  const where = "batchNormalization";
  checkOptions(where, options, OPTIONS);
  const check = checksFor(where);
  const axis = check.integer("axis", options.axis, -1);
  const momentum = check.number("momentum", options.momentum, 0.99, 0, 1);
  const epsilon = check.number("epsilon", options.epsilon, 1e-3, 0);
  const { center, scale, ...parameters } = centerAndScale(check, options);
  const running = { trainable: false, decay: false };
  return makeLayer(
    {
      className: "BatchNormalization",
      factory: where,
      config: { axis, momentum, epsilon, ...parameters.config },
      options: OPTIONS,
      weights([inputShape]): WeightSpec[] {
        const shape = [inputShape[axisOfExample(where, axis, inputShape)]];
        return [
          ...parameters.specs(shape),
          { name: "movingMean", shape, initializer: initializerOf("zeros"), ...running },
          { name: "movingVariance", shape, initializer: initializerOf("ones"), ...running },
        ];
      },
      call([x], context) {
        const gamma = scale ? context.weight("gamma") : undefined;
        const beta = center ? context.weight("beta") : undefined;
        const movingMean = context.weight("movingMean");
        const movingVariance = context.weight("movingVariance");
        if (!context.training || !context.trainable) {
          return batchNorm(x, { gamma, beta, epsilon, axis, mean: movingMean, variance: movingVariance });
        }
        const { output, mean, variance } = context.training.batchNormTraining(x, {
          gamma,
          beta,
          epsilon,
          axis,
        });
        context.update("movingMean", add(multiply(movingMean, momentum), multiply(mean, 1 - momentum)));
        context.update(
          "movingVariance",
          add(multiply(movingVariance, momentum), multiply(variance, 1 - momentum)),
        );
        return output;
      },
    },
    options,
  );
}
