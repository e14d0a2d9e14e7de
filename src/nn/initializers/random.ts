/** @file Initializers whose spread is given independently of the weight's shape. Defaults are Keras'. */

import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Generator } from "../../random/generator.ts";
import {
  elementwiseInitializer,
  finiteNumber,
  nonNegativeNumber,
  type Filler,
  type Initializer,
} from "./initializer.ts";

export interface RandomUniformOptions {
  /** Lower end, included; default -0.05. */
  readonly minval?: number;
  /** Upper end; default 0.05. */
  readonly maxval?: number;
}

const UNIFORM_OPTIONS: OptionNames<RandomUniformOptions> = { minval: true, maxval: true };

export interface NormalOptions {
  /** Default 0. */
  readonly mean?: number;
  /** Standard deviation, 0 or more; default 0.05. */
  readonly stddev?: number;
}

const NORMAL_OPTIONS: OptionNames<NormalOptions> = { stddev: true, mean: true };

/**
 * Uniform on [minval, maxval).
 * @throws AuricleError "argument" when an end is not finite or minval is above maxval.
 */
export function randomUniform(options: RandomUniformOptions = {}): Initializer {
  checkOptions("randomUniform", options, UNIFORM_OPTIONS);
  const minval = finiteNumber("randomUniform", "minval", options.minval ?? -0.05);
  const maxval = finiteNumber("randomUniform", "maxval", options.maxval ?? 0.05);
  if (minval > maxval) {
    throw new AuricleError(
      "argument",
      `randomUniform: minval must not be above maxval; got minval ${minval}, maxval ${maxval}`,
    );
  }
  return elementwiseInitializer("randomUniform", { minval, maxval }, (_, generator) =>
    uniformFiller(minval, maxval, generator),
  );
}

/** Normal. @throws AuricleError "argument" when a parameter is not finite or stddev is negative. */
export function randomNormal(options: NormalOptions = {}): Initializer {
  const config = normalConfig("randomNormal", options);
  return elementwiseInitializer("randomNormal", config, (_, generator) =>
    normalFiller(config.mean, config.stddev, generator),
  );
}

/**
 * Normal, where a draw further than two standard deviations from the mean is drawn again. As in Keras, `stddev`
 * belongs to the normal distribution before truncation; the truncated one has 0.8796 of it.
 * @throws AuricleError "argument" when a parameter is not finite or stddev is negative.
 */
export function truncatedNormal(options: NormalOptions = {}): Initializer {
  const config = normalConfig("truncatedNormal", options);
  return elementwiseInitializer("truncatedNormal", config, (_, generator) =>
    truncatedNormalFiller(config.mean, config.stddev, generator),
  );
}

function normalConfig(initializer: string, options: NormalOptions) {
  checkOptions(initializer, options, NORMAL_OPTIONS);
  const { mean = 0, stddev = 0.05 } = options;
  return {
    mean: finiteNumber(initializer, "mean", mean),
    stddev: nonNegativeNumber(initializer, "stddev", stddev),
  };
}

export function uniformFiller(minval: number, maxval: number, generator: Generator): Filler {
  return (values) => generator.fillUniform(values, minval, maxval);
}

export function normalFiller(mean: number, stddev: number, generator: Generator): Filler {
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = mean + stddev * generator.normal();
  };
}

export function truncatedNormalFiller(mean: number, stddev: number, generator: Generator): Filler {
  return (values) => {
    for (let i = 0; i < values.length; i++) {
      let deviation = generator.normal();
      // 4.6 % of the draws are rejected.
      while (Math.abs(deviation) > 2) deviation = generator.normal();
      values[i] = mean + stddev * deviation;
    }
  };
}
