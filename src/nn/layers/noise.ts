/** @file Layers that disturb what passes in training, against overfitting. Deterministic by seed and step, as dropout is. */
import { add, multiply } from "../../ops/arithmetic.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Layer } from "../layer.ts";
import { checkRate, type DropoutLayerOptions } from "./dropout.ts";
import { makeLayer } from "./make-layer.ts";
import { checksFor, LAYER_OPTIONS, type LayerOptions } from "./options.ts";

export interface GaussianNoiseOptions extends LayerOptions {
  /** Standard deviation of the noise, 0 or more. */
  readonly stddev: number;
}

const NOISE_OPTIONS: OptionNames<GaussianNoiseOptions> = { stddev: true, ...LAYER_OPTIONS };
const RATE_OPTIONS: OptionNames<DropoutLayerOptions> = { rate: true, ...LAYER_OPTIONS };

/** In training adds normal noise of mean 0 and standard deviation `stddev`; else does nothing; Keras' `GaussianNoise`. */
export function gaussianNoise(options: GaussianNoiseOptions): Layer {
  checkOptions("gaussianNoise", options, NOISE_OPTIONS);
  const stddev = checksFor("gaussianNoise").number("stddev", options.stddev, undefined, 0);
  return makeLayer(
    {
      className: "GaussianNoise",
      factory: "gaussianNoise",
      config: { stddev },
      call: ([x], { training, randomKey, salt }) =>
        training && stddev > 0
          ? add(x, multiply(training.randomNormal(x.shape, randomKey(), salt), stddev))
          : x,
    },
    options,
  );
}

/**
 * In training multiplies by normal noise of mean 1 and standard deviation √(rate / (1 - rate)), that of dropout's factors
 * (Srivastava et al. 2014, section 10); else does nothing; Keras' `GaussianDropout`.
 */
export function gaussianDropout(options: DropoutLayerOptions): Layer {
  checkOptions("gaussianDropout", options, RATE_OPTIONS);
  const rate = checkRate(checksFor("gaussianDropout"), options.rate);
  const stddev = Math.sqrt(rate / (1 - rate));
  return makeLayer(
    {
      className: "GaussianDropout",
      factory: "gaussianDropout",
      config: { rate },
      call: ([x], { training, randomKey, salt }) =>
        training && rate > 0
          ? multiply(x, add(multiply(training.randomNormal(x.shape, randomKey(), salt), stddev), 1))
          : x,
    },
    options,
  );
}

/**
 * In training sets values with probability `rate` to selu's limit and scales and shifts all, so that mean 0 and variance 1 stay;
 * else does nothing. Goes with the activation "selu"; Keras' `AlphaDropout`.
 */
export function alphaDropout(options: DropoutLayerOptions): Layer {
  checkOptions("alphaDropout", options, RATE_OPTIONS);
  const rate = checkRate(checksFor("alphaDropout"), options.rate);
  return makeLayer(
    {
      className: "AlphaDropout",
      factory: "alphaDropout",
      config: { rate },
      call: ([x], { training, randomKey, salt }) =>
        training ? training.alphaDropout(x, { rate, key: randomKey(), salt }) : x,
    },
    options,
  );
}
