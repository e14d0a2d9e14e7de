/** @file Losses for quantities: an example's loss is the mean over its outputs (last axis). */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { add, divide, multiply, negative, subtract } from "../../ops/arithmetic.ts";
import { log, sqrt } from "../../ops/exponential.ts";
import { softplus } from "../../ops/activation.ts";
import { abs, clip, maximum } from "../../ops/select.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { sum } from "../../ops/sum.ts";
import {
  BEFORE_OPTIONS,
  LOSS_OPTIONS,
  matchTargets,
  meanOverExamples,
  meanOverOutputs,
  type LossOptions,
} from "./loss.ts";
import { shownValue } from "../../shown-value.ts";

/**
 * Mean of (output - target)², in the target's unit squared. A scalar.
 * @param targets the shape of the outputs, or `[N]` for outputs `[N, 1]`
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function meanSquaredError(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("meanSquaredError", options, LOSS_OPTIONS, BEFORE_OPTIONS);
  return meanError("meanSquaredError", targets, outputs, options, (error) => multiply(error, error));
}

/**
 * Mean of |output - target|, in the target's unit. A scalar; the gradient at 0 is 0.
 * @param targets the shape of the outputs, or `[N]` for outputs `[N, 1]`
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function meanAbsoluteError(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("meanAbsoluteError", options, LOSS_OPTIONS, BEFORE_OPTIONS);
  return meanError("meanAbsoluteError", targets, outputs, options, (error) => abs(error));
}

export interface HuberOptions extends LossOptions {
  /** Where the parabola goes over into lines, in the target's unit; above 0; default 1. */
  readonly delta?: number;
}

const HUBER_OPTIONS: OptionNames<HuberOptions> = { delta: true, ...LOSS_OPTIONS };

/**
 * Huber's loss: mean of error² / 2 where |error| ≤ delta, else delta·(|error| - delta / 2). A scalar.
 * @param targets the shape of the outputs, or `[N]` for outputs `[N, 1]`
 * @throws AuricleError "shape" when shapes do not fit, "argument" when delta is not above 0.
 */
export function huber(targets: Tensor, outputs: Tensor, options: HuberOptions = {}): Tensor {
  checkOptions("huber", options, HUBER_OPTIONS, "targets, outputs, ");
  const { delta = 1 } = options;
  if (!(delta > 0 && delta < Infinity)) {
    throw new AuricleError("argument", `huber: delta must be above 0; got ${shownValue(delta)}`);
  }
  return meanError("huber", targets, outputs, options, (error) => {
    // c·(e - c/2) with c = e cut to ±delta is both pieces in one, and its derivative is c.
    const cut = clip(error, -delta, delta);
    return multiply(cut, subtract(error, multiply(cut, 0.5)));
  });
}

/**
 * Mean of ln cosh(output - target): about error² / 2 where it is small and |error| - ln 2 where it is large. A scalar; the
 * gradient is tanh(error).
 * @param targets the shape of the outputs, or `[N]` for outputs `[N, 1]`
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function logCosh(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("logCosh", options, LOSS_OPTIONS, BEFORE_OPTIONS);
  // e + ln(1 + exp(-2e)) - ln 2, which does not overflow.
  return meanError("logCosh", targets, outputs, options, (error) =>
    subtract(add(error, softplus(multiply(error, -2))), Math.LN2),
  );
}

/** Keras' value: added to the argument of the logarithm. */
const EPSILON = 1e-7;

/**
 * Mean of output - target·ln(output + 1e-7): the negative logarithm of Poisson's probability of counts without the term
 * that does not depend on the outputs, which are the expected counts. A scalar.
 * @param targets counts, 0 or more; the shape of the outputs, or `[N]` for outputs `[N, 1]`
 * @param outputs above 0: behind softplus or exp
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function poisson(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("poisson", options, LOSS_OPTIONS, BEFORE_OPTIONS);
  const counts = matchTargets("poisson", targets, outputs);
  const losses = subtract(outputs, multiply(counts, log(add(outputs, EPSILON))));
  return meanOverExamples("poisson", meanOverOutputs(losses), options.sampleWeights);
}

/**
 * Minus the cosine of the angle between targets and outputs, both taken as vectors along the last axis: -1 for one direction, 0
 * for right angles or a vector of zeros, 1 for opposite ones. A scalar, the mean over examples.
 * @param targets the shape of the outputs
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function cosineSimilarity(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("cosineSimilarity", options, LOSS_OPTIONS, BEFORE_OPTIONS);
  const wanted = directionOf(matchTargets("cosineSimilarity", targets, outputs));
  const cosines = sum(multiply(wanted, directionOf(outputs)), -1);
  return meanOverExamples("cosineSimilarity", negative(cosines), options.sampleWeights);
}

/** Vectors of length 1; those shorter than 1e-7 are divided by that. */
function directionOf(vectors: Tensor): Tensor {
  // Under the root, so that the gradient of a vector of zeros is finite.
  const squares = maximum(sum(multiply(vectors, vectors), -1, true), EPSILON * EPSILON);
  return divide(vectors, sqrt(squares));
}

function meanError(
  name: string,
  targets: Tensor,
  outputs: Tensor,
  { sampleWeights }: LossOptions,
  cost: (error: Tensor) => Tensor,
): Tensor {
  const error = subtract(outputs, matchTargets(name, targets, outputs));
  return meanOverExamples(name, meanOverOutputs(cost(error)), sampleWeights);
}
