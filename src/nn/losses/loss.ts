/** @file Code that all losses share: weights of examples, the mean over examples, and targets that fit the outputs. */
import { AuricleError } from "../../errors.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { OptionNames } from "../../options.ts";
import { multiply } from "../../ops/arithmetic.ts";
import { oneHot, toFloat } from "../../ops/cast.ts";
import { mean } from "../../ops/reduce.ts";
import { reshape } from "../../ops/reshape.ts";
import { sum } from "../../ops/sum.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../../tensor/shape.ts";
import { shownValue } from "../../shown-value.ts";

export interface LossOptions {
  /** One weight per example, `[N]`, or one for each of its positions (the shape of the losses before the mean). */
  readonly sampleWeights?: Tensor;
}

/** The names of {@link LossOptions}. */
export const LOSS_OPTIONS: OptionNames<LossOptions> = { sampleWeights: true };

/** How the call of a loss begins, for messages. */
export const BEFORE_OPTIONS = "targets, outputs, ";

/**
 * Σ weight · loss / number of losses, a scalar: Keras' `sum_over_batch_size`, which divides by the count also when
 * there are weights (PyTorch's cross entropy divides by the sum of the weights).
 * @param losses one for each example `[N]` or each of its positions `[N, …]`
 * @throws AuricleError "shape" when the weights do not fit.
 */
export function meanOverExamples(where: string, losses: Tensor, sampleWeights: Tensor | undefined): Tensor {
  const weighted = sampleWeights
    ? multiply(losses, alignWeights(where, sampleWeights, losses.shape))
    : losses;
  return multiply(sum(weighted), 1 / sizeOf(losses.shape));
}

/**
 * Weights `[N]` or `shape`, with axes of length 1 where they are repeated.
 * @throws AuricleError "shape" for others.
 */
export function alignWeights(where: string, weights: Tensor, shape: Shape): Tensor {
  if (sameShape(weights.shape, shape)) return weights;
  if (weights.shape.length === 1 && weights.shape[0] === shape[0]) {
    return reshape(weights, [shape[0], ...shape.slice(1).map(() => 1)]);
  }
  throw new AuricleError(
    "shape",
    `${where}: sampleWeights must be [${shape[0]}] or ${formatShape(shape)}; got ${formatShape(weights.shape)}`,
  );
}

/**
 * Targets as float32 in the shape of the outputs; `[N]` goes with outputs `[N,1]`.
 * @throws AuricleError "shape" for others, which would broadcast to something that nobody meant.
 */
export function matchTargets(where: string, targets: Tensor, outputs: Tensor): Tensor {
  const squeezed = outputs.shape.at(-1) === 1 && sameShape(targets.shape, outputs.shape.slice(0, -1));
  if (!squeezed && !sameShape(targets.shape, outputs.shape)) {
    throw new AuricleError(
      "shape",
      `${where}: targets must have the outputs' shape ${formatShape(outputs.shape)}; got ${formatShape(targets.shape)}`,
    );
  }
  return reshape(toFloat(targets), outputs.shape);
}

/** The mean over the last axis: an example's loss is the mean over its outputs. */
export function meanOverOutputs(losses: Tensor): Tensor {
  return losses.shape.length > 1 ? mean(losses, -1) : losses;
}

/** @throws AuricleError "argument" unless smoothing is in 0 … 1. */
export function checkSmoothing(where: string, smoothing: number): void {
  if (!(smoothing >= 0 && smoothing <= 1)) {
    throw new AuricleError(
      "argument",
      `${where}: labelSmoothing must be in 0 … 1; got ${shownValue(smoothing)}`,
    );
  }
}

/** Where each example has one label but the outputs have positions, they have probably not been joined. */
function labelAdvice(labels: Tensor, outputs: Tensor): string {
  if (labels.shape.length > 1 || outputs.shape.length === 2) return "";
  return "; for one label for each example put flatten() or a global pooling layer before the last dense layer";
}

/**
 * Targets of classes as probabilities `[N, …, classes]`, in the outputs' shape.
 * @throws AuricleError "shape" when they do not fit the outputs.
 */
export function classProbabilities(where: string, targets: Tensor, outputs: Tensor): Tensor {
  const { shape } = outputs;
  if (shape.length < 2) {
    throw new AuricleError("shape", `${where}: logits must be [N,…,classes]; got ${formatShape(shape)}`);
  }
  const isLabels = targets.dtype === "int32";
  const wanted = isLabels ? shape.slice(0, -1) : shape;
  if (!sameShape(targets.shape, wanted)) {
    const kind = isLabels ? "int32 labels" : "float32 targets (probabilities of the classes)";
    throw new AuricleError(
      "shape",
      `${where}: ${kind} must be ${formatShape(wanted)} for logits ${formatShape(shape)}; ` +
        `got ${formatShape(targets.shape)}${isLabels ? labelAdvice(targets, outputs) : ""}`,
    );
  }
  return isLabels ? oneHot(targets, shape[shape.length - 1]) : targets;
}
