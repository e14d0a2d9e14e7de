/**
 * @file Initializers whose variance is `scale / n`, where n is the number of inputs, of outputs, or their
 * mean: so that activations (or gradients) neither grow nor shrink from layer to layer. Formulas are Keras'
 * (`keras.initializers.VarianceScaling`); fans are those of `computeFans`.
 */

import { AuricleError } from "../../errors.ts";
import { type NoOptions, type OptionNames, checkOptions } from "../../options.ts";
import type { Generator } from "../../random/generator.ts";
import type { Shape } from "../../tensor/shape.ts";
import { computeFans } from "./fans.ts";
import { elementwiseInitializer, nonNegativeNumber, type Filler, type Initializer } from "./initializer.ts";
import { normalFiller, truncatedNormalFiller, uniformFiller } from "./random.ts";
import { shownValue } from "../../shown-value.ts";

const MODES = ["fanIn", "fanOut", "fanAvg"] as const;
const DISTRIBUTIONS = ["uniform", "truncatedNormal", "untruncatedNormal"] as const;

/** The n in `scale / n`: inputs, outputs, or the mean of both. */
export type VarianceScalingMode = (typeof MODES)[number];

/** "uniform" on ± √(3·scale/n); "truncatedNormal" cut at ± 2 standard deviations; "untruncatedNormal" whole. */
export type VarianceScalingDistribution = (typeof DISTRIBUTIONS)[number];

export interface VarianceScalingOptions {
  /** Above 0; default 1. */
  readonly scale?: number;
  /** Default "fanIn". */
  readonly mode?: VarianceScalingMode;
  /** Default "truncatedNormal"; Keras' "normal" is another name of it, accepted here too. */
  readonly distribution?: VarianceScalingDistribution | "normal";
}

const OPTIONS: OptionNames<VarianceScalingOptions> = { scale: true, mode: true, distribution: true };

/**
 * Standard deviation of the standard normal cut at ± 2: √(1 - 4 φ(2) / (Φ(2) - Φ(-2))), with φ its density
 * and Φ its distribution function. Dividing by it gives the cut normal the variance that is wanted.
 */
const TRUNCATED_STANDARD_DEVIATION = 0.87962566103423978;

/**
 * Zero mean and variance `scale / n`; a fan of zero counts as one.
 * @throws AuricleError "argument" when scale is not above 0, or mode or distribution is unknown.
 */
export function varianceScaling(options: VarianceScalingOptions = {}): Initializer {
  checkOptions("varianceScaling", options, OPTIONS);
  const scale = nonNegativeNumber("varianceScaling", "scale", options.scale ?? 1);
  if (scale === 0) {
    throw new AuricleError(
      "argument",
      "varianceScaling: scale must be above 0; got 0; for zeros use zeros()",
    );
  }
  const mode = oneOf("mode", options.mode ?? "fanIn", MODES);
  const { distribution: wanted = "truncatedNormal" } = options;
  const distribution = oneOf("distribution", wanted === "normal" ? "truncatedNormal" : wanted, DISTRIBUTIONS);
  return elementwiseInitializer(
    "varianceScaling",
    { scale, mode, distribution },
    scaledFiller(scale, mode, distribution),
  );
}

function scaledFiller(scale: number, mode: VarianceScalingMode, distribution: VarianceScalingDistribution) {
  return (shape: Shape, generator: Generator): Filler => {
    const { fanIn, fanOut } = computeFans(shape);
    const n = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, n);
    const stddev = Math.sqrt(variance);
    switch (distribution) {
      case "uniform": {
        const limit = Math.sqrt(3 * variance);
        return uniformFiller(-limit, limit, generator);
      }
      case "truncatedNormal":
        return truncatedNormalFiller(0, stddev / TRUNCATED_STANDARD_DEVIATION, generator);
      case "untruncatedNormal":
        return normalFiller(0, stddev, generator);
    }
  };
}

function oneOf<Choice extends string>(parameter: string, value: unknown, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined) {
    throw new AuricleError(
      "argument",
      `varianceScaling: ${parameter} must be one of ${choices.join(", ")}; got ${shownValue(value)}`,
    );
  }
  return choice;
}

function named(
  name: string,
  scale: number,
  mode: VarianceScalingMode,
  distribution: VarianceScalingDistribution,
): (options?: NoOptions) => Initializer {
  return (options = {}) => {
    checkOptions(name, options, {});
    return elementwiseInitializer(name, {}, scaledFiller(scale, mode, distribution));
  };
}

/** Cut normal, variance 1 / fanIn. LeCun et al. 1998, "Efficient BackProp", section 4.6. */
export const lecunNormal = named("lecunNormal", 1, "fanIn", "truncatedNormal");

/** Uniform on ± √(3 / fanIn). LeCun et al. 1998, "Efficient BackProp", section 4.6. */
export const lecunUniform = named("lecunUniform", 1, "fanIn", "uniform");

/** Cut normal, variance 2 / (fanIn + fanOut). Glorot and Bengio 2010, equation 12. */
export const glorotNormal = named("glorotNormal", 1, "fanAvg", "truncatedNormal");

/** Uniform on ± √(6 / (fanIn + fanOut)), Keras' default for filters. Glorot and Bengio 2010, equation 16. */
export const glorotUniform = named("glorotUniform", 1, "fanAvg", "uniform");

/** Cut normal, variance 2 / fanIn, made for ReLU. He et al. 2015, equation 10. */
export const heNormal = named("heNormal", 2, "fanIn", "truncatedNormal");

/** Uniform on ± √(6 / fanIn), made for ReLU. He et al. 2015, equation 10. */
export const heUniform = named("heUniform", 2, "fanIn", "uniform");
