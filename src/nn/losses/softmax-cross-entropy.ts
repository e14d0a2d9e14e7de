import { AuricleError } from "../../errors.ts";
import { constantTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { add, multiply, negative, subtract } from "../../ops/arithmetic.ts";
import { oneHot } from "../../ops/cast.ts";
import { exp } from "../../ops/exponential.ts";
import { reshape } from "../../ops/reshape.ts";
import { logSoftmax } from "../../ops/softmax.ts";
import { sum } from "../../ops/sum.ts";
import { floatArray } from "../../tensor/array.ts";
import { formatShape, sameShape, sizeOf } from "../../tensor/shape.ts";
import { alignWeights, checkSmoothing, meanOverExamples, type LossOptions } from "./loss.ts";

const NAME = "softmaxCrossEntropy";

export interface SoftmaxCrossEntropyOptions extends LossOptions {
  /** ε in 0 … 1: targets become (1 - ε)·target + ε / classes. Default 0. */
  readonly labelSmoothing?: number;
  /**
   * One weight for each class, which multiplies the loss of the examples of that class. A mixed float target gets the
   * mean of the weights that its probabilities give; Keras takes the weight of the most probable class.
   */
  readonly classWeights?: readonly number[];
}

/**
 * Cross entropy of a softmax over the last axis: mean over examples of -Σ target · log softmax(logits), in nats.
 *
 * The gradient is (softmax - target) · weight / N, written by one kernel.
 * @param targets int32 labels `[N, …]`, or float32 probabilities `[N, …, classes]` (one-hot or mixed)
 * @param logits `[N, …, classes]`: before any softmax
 * @returns a scalar
 * @throws AuricleError "shape" when shapes do not fit, "argument" for options out of range.
 */
export function softmaxCrossEntropy(
  targets: Tensor,
  logits: Tensor,
  options: SoftmaxCrossEntropyOptions = {},
): Tensor {
  const { labelSmoothing = 0, classWeights, sampleWeights } = options;
  checkSmoothing(NAME, labelSmoothing);
  const classes = logits.shape[logits.shape.length - 1];
  const exact = classProbabilities(targets, logits, classes);
  const smoothed =
    labelSmoothing === 0 ? exact : add(multiply(exact, 1 - labelSmoothing), labelSmoothing / classes);
  const logarithms = logSoftmax(logits);
  const positions = logits.shape.slice(0, -1);
  const factors: Tensor[] = [];
  if (classWeights) factors.push(sum(multiply(exact, weightsTensor(classWeights, classes)), -1));
  if (sampleWeights) factors.push(alignWeights(NAME, sampleWeights, positions));
  const weights = factors.length > 0 ? factors.reduce((a, b) => multiply(a, b)) : undefined;
  const losses = negative(sum(multiply(smoothed, logarithms), -1));
  const loss = meanOverExamples(NAME, losses, weights);
  loss.gradientRule = {
    inputs: [logits],
    gradient(outputGradient) {
      // Labels' probabilities sum to 1; those of float targets are what they are.
      const total = targets.dtype === "int32" ? 1 : sum(smoothed, -1, true);
      const difference = subtract(multiply(exp(logarithms), total), smoothed);
      // Numbers first, so that they go into the kernel of the difference.
      const share = multiply(multiply(difference, 1 / sizeOf(positions)), outputGradient);
      return [
        weights ? multiply(share, reshape(weights, [...weights.shape, ...axesLeft(weights, logits)])) : share,
      ];
    },
  };
  return loss;
}

/** Axes of length 1 to append, so that weights of positions broadcast over the classes. */
function axesLeft(weights: Tensor, logits: Tensor): number[] {
  return new Array<number>(logits.shape.length - weights.shape.length).fill(1);
}

function classProbabilities(targets: Tensor, logits: Tensor, classes: number): Tensor {
  if (logits.shape.length < 2) {
    throw new AuricleError(
      "shape",
      `${NAME}: logits must be [N,…,classes]; got ${formatShape(logits.shape)}`,
    );
  }
  const isLabels = targets.dtype === "int32";
  const wanted = isLabels ? logits.shape.slice(0, -1) : logits.shape;
  if (!sameShape(targets.shape, wanted)) {
    const kind = isLabels ? "int32 labels" : "float32 targets (probabilities of the classes)";
    throw new AuricleError(
      "shape",
      `${NAME}: ${kind} must be ${formatShape(wanted)} for logits ${formatShape(logits.shape)}; ` +
        `got ${formatShape(targets.shape)}`,
    );
  }
  return isLabels ? oneHot(targets, classes) : targets;
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
