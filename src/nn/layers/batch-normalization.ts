import { add, multiply } from "../../ops/arithmetic.ts";
import { batchNorm, batchNormTraining } from "../../ops/batch-norm.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { initializerOf } from "../initializers/index.ts";
import type { Layer, WeightSpec } from "../layer.ts";
import { makeLayer } from "./make-layer.ts";
import {
  checksFor,
  initializerConfig,
  type InitializerOption,
  type LayerOptions,
  LAYER_OPTIONS,
} from "./options.ts";

export interface BatchNormalizationOptions extends LayerOptions {
  /** moving = momentum·moving + (1 - momentum)·batch. Default 0.99 (Keras; PyTorch's 0.1 is 0.9 in this sense). */
  readonly momentum?: number;
  /** Added to the variance under the root. Default 1e-3 (Keras; PyTorch's is 1e-5). */
  readonly epsilon?: number;
  /** Whether to add beta. Default true. */
  readonly center?: boolean;
  /** Whether to multiply by gamma. Default true. */
  readonly scale?: boolean;
  /** Default "zeros". */
  readonly betaInitializer?: InitializerOption;
  /** Default "ones". */
  readonly gammaInitializer?: InitializerOption;
}

const OPTIONS: OptionNames<BatchNormalizationOptions> = {
  momentum: true,
  epsilon: true,
  center: true,
  scale: true,
  betaInitializer: true,
  gammaInitializer: true,
  ...LAYER_OPTIONS,
};

/**
 * Batch normalisation of each channel (the last axis) over all others (Ioffe and Szegedy 2015); Keras'
 * `BatchNormalization`. Weights `gamma`, `beta`, and the running `movingMean` and `movingVariance`, all `[C]`. The running
 * variance is the biased one, as in Keras; PyTorch keeps the unbiased one. A frozen layer uses its running statistics in
 * training too (Keras).
 */
export function batchNormalization(options: BatchNormalizationOptions = {}): Layer {
  checkOptions("batchNormalization", options, OPTIONS);
  const check = checksFor("batchNormalization");
  const momentum = check.number("momentum", options.momentum, 0.99, 0, 1);
  const epsilon = check.number("epsilon", options.epsilon, 1e-3, 0);
  const center = check.boolean("center", options.center, true);
  const scale = check.boolean("scale", options.scale, true);
  const betaInitializer = check.initializer("betaInitializer", options.betaInitializer, "zeros");
  const gammaInitializer = check.initializer("gammaInitializer", options.gammaInitializer, "ones");
  const trained = { trainable: true, decay: false };
  const running = { trainable: false, decay: false };
  return makeLayer(
    {
      className: "BatchNormalization",
      factory: "batchNormalization",
      config: {
        momentum,
        epsilon,
        center,
        scale,
        betaInitializer: initializerConfig(betaInitializer),
        gammaInitializer: initializerConfig(gammaInitializer),
      },
      weights([inputShape]): WeightSpec[] {
        const shape = inputShape.slice(-1);
        return [
          ...(scale ? [{ name: "gamma", shape, initializer: gammaInitializer, ...trained }] : []),
          ...(center ? [{ name: "beta", shape, initializer: betaInitializer, ...trained }] : []),
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
          return batchNorm(x, { gamma, beta, epsilon, mean: movingMean, variance: movingVariance });
        }
        const { output, mean, variance } = batchNormTraining(x, { gamma, beta, epsilon });
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
