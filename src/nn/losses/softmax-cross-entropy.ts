import { AuricleError } from "../../errors.ts";
import { constantTensor } from "../../graph/sources.ts";
import { withGradient, type Tensor } from "../../graph/tensor.ts";
import { add, divide, equal, multiply, negative, subtract } from "../../ops/arithmetic.ts";
import { toFloat } from "../../ops/cast.ts";
import { exp } from "../../ops/exponential.ts";
import { reshape } from "../../ops/reshape.ts";
import { maximum } from "../../ops/select.ts";
import { logSoftmax } from "../../ops/softmax.ts";
import { sum } from "../../ops/sum.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import { floatArray } from "../../tensor/array.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { alignWeights, checkSmoothing, classProbabilities, LOSS_OPTIONS, type LossOptions } from "./loss.ts";
import { shownValue } from "../../shown-value.ts";

const NAME = "softmaxCrossEntropy";

export interface SoftmaxCrossEntropyOptions extends LossOptions {
  /** ε in 0 … 1: targets become (1 - ε)·target + ε / classes. Default 0. */
  readonly labelSmoothing?: number;
  /**
   * Positions with this int32 label count for nothing, neither in the sum nor in the number that it is divided by; any whole
   * number, among the classes or not. PyTorch's `ignore_index`, for which -100 is usual. Default: none.
   */
  readonly ignoreIndex?: number;
  /**
   * One weight for each class, which multiplies the loss of the examples of that class. A mixed float target gets the
   * mean of the weights that its probabilities give; Keras takes the weight of the most probable class.
   */
  readonly classWeights?: readonly number[];
}

const OPTIONS: OptionNames<SoftmaxCrossEntropyOptions> = {
  labelSmoothing: true,
  ignoreIndex: true,
  classWeights: true,
  ...LOSS_OPTIONS,
};

/**
 * Cross entropy of a softmax over the last axis: mean over examples of -Σ target · log softmax(logits), in nats.
 *
 * The gradient is (softmax - target) · weight / N, written by one kernel.
 * @param targets int32 labels `[N, …]`, or float32 probabilities `[N, …, classes]` (one-hot or mixed)
 * @param logits `[N, …, classes]`: before any softmax
 * @returns a scalar; 0 where all positions are ignored, for which PyTorch has NaN
 * @throws AuricleError "shape" when shapes do not fit, "argument" for options out of range.
 */
export function softmaxCrossEntropy(
  targets: Tensor,
  logits: Tensor,
  options: SoftmaxCrossEntropyOptions = {},
): Tensor {
  checkOptions(NAME, options, OPTIONS, "targets, logits, ");
  const { labelSmoothing = 0 } = options;
  checkSmoothing(NAME, labelSmoothing);
  const classes = logits.shape[logits.shape.length - 1];
  const exact = classProbabilities(NAME, targets, logits);
  const smoothed =
    labelSmoothing === 0 ? exact : add(multiply(exact, 1 - labelSmoothing), labelSmoothing / classes);
  const logarithms = logSoftmax(logits);
  const kept = keptPositions(targets, options.ignoreIndex);
  const weights = positionWeights(exact, logits, kept, options);
  const losses = negative(sum(multiply(smoothed, logarithms), -1));
  const total = sum(weights ? multiply(losses, weights) : losses);
  // Numbers first, so that they go into the kernel of the difference.
  const overCount: (x: Tensor) => Tensor = kept
    ? (x) => divide(x, maximum(sum(kept), 1))
    : (x) => multiply(x, 1 / sizeOf(losses.shape));
  return withGradient(overCount(total), [logits], (outputGradient) => {
    // Labels' probabilities sum to 1; those of float targets are what they are.
    const mass = targets.dtype === "int32" ? 1 : sum(smoothed, -1, true);
    const difference = subtract(multiply(exp(logarithms), mass), smoothed);
    const share = multiply(overCount(difference), outputGradient);
    return [
      weights ? multiply(share, reshape(weights, [...weights.shape, ...axesLeft(weights, logits)])) : share,
    ];
  });
}

/** 1 for each position whose label is not the ignored one, 0 for the others; undefined where all are kept. */
function keptPositions(targets: Tensor, ignoreIndex: number | undefined): Tensor | undefined {
  if (ignoreIndex === undefined) return undefined;
  if (!Number.isInteger(ignoreIndex) || Math.abs(ignoreIndex) > 2 ** 24) {
    throw new AuricleError(
      "argument",
      `${NAME}: ignoreIndex must be a whole number up to 2^24; got ${shownValue(ignoreIndex)}`,
    );
  }
  if (targets.dtype !== "int32") {
    throw new AuricleError(
      "argument",
      `${NAME}: ignoreIndex needs int32 labels; got ${targets.dtype} targets`,
    );
  }
  return subtract(1, equal(toFloat(targets), ignoreIndex));
}

/** The factors for the losses of the positions: `[N, …]`, with axes of length 1 where they are broadcast. */
function positionWeights(
  exact: Tensor,
  logits: Tensor,
  kept: Tensor | undefined,
  { classWeights, sampleWeights }: SoftmaxCrossEntropyOptions,
): Tensor | undefined {
  const factors: Tensor[] = kept ? [kept] : [];
  if (classWeights) {
    const classes = logits.shape[logits.shape.length - 1];
    factors.push(sum(multiply(exact, weightsTensor(classWeights, classes)), -1));
  }
  if (sampleWeights) factors.push(alignWeights(NAME, sampleWeights, logits.shape.slice(0, -1)));
  return factors.length > 0 ? factors.reduce((a, b) => multiply(a, b)) : undefined;
}

/** Axes of length 1 to append, so that weights of positions broadcast over the classes. */
function axesLeft(weights: Tensor, logits: Tensor): number[] {
  return new Array<number>(logits.shape.length - weights.shape.length).fill(1);
}

function weightsTensor(classWeights: readonly number[], classes: number): Tensor {
  if (classWeights.length !== classes || !classWeights.every((weight) => weight >= 0 && weight < Infinity)) {
    throw new AuricleError(
      "argument",
      `${NAME}: classWeights must be ${classes} numbers, 0 or more, one for each class; got [${classWeights.join(", ")}]`,
    );
  }
  return constantTensor(floatArray(classWeights, [classes]));
}
