/**
 * @file Batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167): over every axis but that of the channels, each
 * channel gets mean beta and standard deviation gamma.
 */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, normalizeAxis } from "../tensor/shape.ts";
import { add, divide, multiply, subtract } from "./arithmetic.ts";
import { sqrt } from "./exponential.ts";
import { broadcastAlong } from "./sum.ts";

export interface BatchNormOptions {
  /** Factor of each channel, `[C]`. Default: 1. */
  readonly gamma?: Tensor;
  /** Mean of each channel, `[C]`. Default: 0. */
  readonly beta?: Tensor;
  /** Added to the variance under the root. Default 1e-3 (Keras; PyTorch's is 1e-5). */
  readonly epsilon?: number;
  /** The channels' axis. Default: the last. */
  readonly axis?: number;
}

export const BATCH_NORM_OPTIONS: OptionNames<BatchNormOptions> = {
  gamma: true,
  beta: true,
  epsilon: true,
  axis: true,
};

export interface BatchNormInferenceOptions extends BatchNormOptions {
  /** Moving average of the means, `[C]`. */
  readonly mean: Tensor;
  /** Moving average of the biased variances, `[C]`. */
  readonly variance: Tensor;
}

const INFERENCE_OPTIONS: OptionNames<BatchNormInferenceOptions> = {
  ...BATCH_NORM_OPTIONS,
  mean: true,
  variance: true,
};

/** All axes but the channels'. @throws AuricleError "shape" unless each vector has a number for each channel. */
export function batchAxes(
  x: Tensor,
  axis: number,
  vectors: Readonly<Record<string, Tensor | undefined>>,
): number[] {
  const channelAxis = normalizeAxis(axis, x.shape.length, "batchNorm");
  for (const [name, vector] of Object.entries(vectors)) {
    if (vector && (vector.shape.length !== 1 || vector.shape[0] !== x.shape[channelAxis])) {
      throw new AuricleError(
        "shape",
        `batchNorm: ${name} must be [${x.shape[channelAxis]}], one number for each channel of axis ${channelAxis}; got ${formatShape(vector.shape)} for input ${formatShape(x.shape)}`,
      );
    }
  }
  return x.shape.flatMap((_, other) => (other === channelAxis ? [] : [other]));
}

/**
 * gamma·(x - mean) / √(variance + epsilon) + beta with given statistics. Behind a convolution or a dense layer it takes two
 * operations for each element: see src/graph/simplify.ts.
 * @throws AuricleError "shape" unless gamma, beta, mean and variance are `[C]`.
 */
export function batchNorm(x: Tensor, options: BatchNormInferenceOptions): Tensor {
  checkOptions("batchNorm", options, INFERENCE_OPTIONS, "x, ");
  const { gamma, beta, mean, variance, epsilon = 1e-3, axis = -1 } = options;
  const axes = batchAxes(x, axis, { gamma, beta, mean, variance });
  const scale = divide(gamma ?? 1, sqrt(add(variance, epsilon)));
  return applyScale(x, mean, scale, beta, axes);
}

/** (x - mean)·scale + beta, each `[C]`. */
export function applyScale(
  x: Tensor,
  mean: Tensor,
  scale: Tensor,
  beta: Tensor | undefined,
  axes: readonly number[],
): Tensor {
  const scaled = multiply(
    subtract(x, broadcastAlong(mean, x.shape, axes)),
    broadcastAlong(scale, x.shape, axes),
  );
  return beta ? add(scaled, broadcastAlong(beta, x.shape, axes)) : scaled;
}
