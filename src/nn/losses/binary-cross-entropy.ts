import type { Tensor } from "../../graph/tensor.ts";
import { softplus } from "../../ops/activation.ts";
import { add, multiply, subtract } from "../../ops/arithmetic.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import {
  BEFORE_OPTIONS,
  checkSmoothing,
  LOSS_OPTIONS,
  matchTargets,
  meanOverExamples,
  meanOverOutputs,
  type LossOptions,
} from "./loss.ts";

const NAME = "binaryCrossEntropy";

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** ε in 0 … 1: targets become (1 - ε)·target + ε / 2. Default 0. */
  readonly labelSmoothing?: number;
}

const OPTIONS: OptionNames<BinaryCrossEntropyOptions> = { labelSmoothing: true, ...LOSS_OPTIONS };

/**
 * Cross entropy of independent yes-or-no outputs: mean of softplus(z) - z·target, which is -target·log σ(z) -
 * (1 - target)·log(1 - σ(z)) without overflow. In nats.
 * @param targets 0, 1 or between; the shape of the logits, or `[N]` for logits `[N, 1]`; int32 or float32
 * @param logits `[N, …]`: before any sigmoid
 * @returns a scalar: the mean over examples of the mean over outputs (last axis)
 * @throws AuricleError "shape" when shapes do not fit, "argument" when labelSmoothing is not in 0 … 1.
 */
export function binaryCrossEntropy(
  targets: Tensor,
  logits: Tensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  checkOptions(NAME, options, OPTIONS, BEFORE_OPTIONS);
  const { labelSmoothing = 0, sampleWeights } = options;
  checkSmoothing(NAME, labelSmoothing);
  const exact = matchTargets(NAME, targets, logits);
  const smoothed =
    labelSmoothing === 0 ? exact : add(multiply(exact, 1 - labelSmoothing), labelSmoothing / 2);
  const losses = subtract(softplus(logits), multiply(logits, smoothed));
  return meanOverExamples(NAME, meanOverOutputs(losses), sampleWeights);
}
