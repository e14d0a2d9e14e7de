import { layerNorm } from "../../ops/layer-norm.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer, WeightSpec } from "../layer.ts";
import { makeLayer } from "./make-layer.ts";
import {
  checksFor,
  initializerConfig,
  type InitializerOption,
  type LayerOptions,
  LAYER_OPTIONS,
} from "./options.ts";

export interface LayerNormalizationOptions extends LayerOptions {
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

const OPTIONS: OptionNames<LayerNormalizationOptions> = {
  epsilon: true,
  center: true,
  scale: true,
  betaInitializer: true,
  gammaInitializer: true,
  ...LAYER_OPTIONS,
};

/**
 * Layer normalisation over the last axis (Ba et al. 2016), alike in training and inference; Keras' `LayerNormalization`.
 * Weights `gamma` and `beta`, both `[C]`.
 */
export function layerNormalization(options: LayerNormalizationOptions = {}): Layer {
  checkOptions("layerNormalization", options, OPTIONS);
  const check = checksFor("layerNormalization");
  const epsilon = check.number("epsilon", options.epsilon, 1e-3, 0);
  const center = check.boolean("center", options.center, true);
  const scale = check.boolean("scale", options.scale, true);
  const betaInitializer = check.initializer("betaInitializer", options.betaInitializer, "zeros");
  const gammaInitializer = check.initializer("gammaInitializer", options.gammaInitializer, "ones");
  const trained = { trainable: true, decay: false };
  return makeLayer(
    {
      className: "LayerNormalization",
      factory: "layerNormalization",
      config: {
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
        ];
      },
      call([x], context) {
        const gamma = scale ? context.weight("gamma") : undefined;
        const beta = center ? context.weight("beta") : undefined;
        return layerNorm(x, { gamma, beta, epsilon });
      },
    },
    options,
  );
}
