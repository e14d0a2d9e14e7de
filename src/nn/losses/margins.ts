/** @file Losses that want a margin between right and wrong, and the divergence of two distributions. Formulas are Keras'. */
import type { Tensor } from "../../graph/tensor.ts";
import { checkOptions } from "../../options.ts";
import { add, divide, equal, multiply, subtract } from "../../ops/arithmetic.ts";
import { log } from "../../ops/exponential.ts";
import { max } from "../../ops/reduce.ts";
import { clip, maximum } from "../../ops/select.ts";
import { sum } from "../../ops/sum.ts";
import {
  BEFORE_OPTIONS,
  classProbabilities,
  LOSS_OPTIONS,
  matchTargets,
  meanOverExamples,
  meanOverOutputs,
  type LossOptions,
} from "./loss.ts";

/**
 * Mean of max(1 - sign·output, 0). A scalar: the mean over examples of the mean over outputs (last axis).
 * @param targets -1 or 1, or 0 or 1, 0 standing for -1; the shape of the outputs, or `[N]` for outputs `[N, 1]`
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function hinge(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  return meanMargin("hinge", targets, outputs, options, (missing) => missing);
}

/**
 * Mean of max(1 - sign·output, 0)². A scalar: the mean over examples of the mean over outputs (last axis).
 * @param targets -1 or 1, or 0 or 1, 0 standing for -1; the shape of the outputs, or `[N]` for outputs `[N, 1]`
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function squaredHinge(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  return meanMargin("squaredHinge", targets, outputs, options, (missing) => multiply(missing, missing));
}

function meanMargin(
  name: string,
  targets: Tensor,
  outputs: Tensor,
  options: LossOptions,
  cost: (missing: Tensor) => Tensor,
): Tensor {
  checkOptions(name, options, LOSS_OPTIONS, BEFORE_OPTIONS);
  const given = matchTargets(name, targets, outputs);
  const signs = subtract(given, equal(given, 0));
  const missing = maximum(subtract(1, multiply(signs, outputs)), 0);
  return meanOverExamples(name, meanOverOutputs(cost(missing)), options.sampleWeights);
}

/**
 * Mean over examples of max(1 + the largest output of a wrong class - the right one's output, 0). A scalar.
 * @param targets int32 labels `[N, …]`, or float32 probabilities `[N, …, classes]` (one-hot)
 * @param outputs `[N, …, classes]`
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function categoricalHinge(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("categoricalHinge", options, LOSS_OPTIONS, BEFORE_OPTIONS);
  const right = classProbabilities("categoricalHinge", targets, outputs);
  const own = sum(multiply(right, outputs), -1);
  // As in Keras the right class takes part with 0.
  const other = max(multiply(subtract(1, right), outputs), -1);
  const losses = maximum(add(subtract(other, own), 1), 0);
  return meanOverExamples("categoricalHinge", losses, options.sampleWeights);
}

/** Keras': the least probability. */
const EPSILON = 1e-7;

/**
 * Kullback and Leibler's divergence Σ target · ln(target / output) over the last axis, both held within 1e-7 … 1 first; in nats. A
 * scalar, the mean over examples.
 * @param targets float32 probabilities `[N, …, classes]`, or int32 labels `[N, …]`
 * @param outputs `[N, …, classes]`, **probabilities**: behind a softmax
 * @throws AuricleError "shape" when shapes do not fit.
 */
export function klDivergence(targets: Tensor, outputs: Tensor, options: LossOptions = {}): Tensor {
  checkOptions("klDivergence", options, LOSS_OPTIONS, BEFORE_OPTIONS);
  const wanted = clip(classProbabilities("klDivergence", targets, outputs), EPSILON, 1);
  const losses = sum(multiply(wanted, log(divide(wanted, clip(outputs, EPSILON, 1)))), -1);
  return meanOverExamples("klDivergence", losses, options.sampleWeights);
}
