/**
 * @file Batch normalisation (Ioffe and Szegedy 2015, arXiv:1502.03167): over every axis but that of the channels, each
 * channel gets mean beta and standard deviation gamma.
 */
import { AuricleError } from "../errors.ts";
import { withFacts, withGradient, type Tensor } from "../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, normalizeAxis, sizeOf } from "../tensor/shape.ts";
import { add, divide, multiply, subtract } from "./arithmetic.ts";
import { sqrt } from "./exponential.ts";
import { broadcastAlong, sum } from "./sum.ts";
import { moments } from "./variance.ts";

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

const OPTIONS: OptionNames<BatchNormOptions> = { gamma: true, beta: true, epsilon: true, axis: true };

export interface BatchNormInferenceOptions extends BatchNormOptions {
  /** Moving average of the means, `[C]`. */
  readonly mean: Tensor;
  /** Moving average of the biased variances, `[C]`. */
  readonly variance: Tensor;
}

const INFERENCE_OPTIONS: OptionNames<BatchNormInferenceOptions> = { ...OPTIONS, mean: true, variance: true };

/** All axes but the channels'. */
function batchAxes(x: Tensor, axis: number, vectors: Readonly<Record<string, Tensor | undefined>>): number[] {
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
function applyScale(
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

export interface BatchNormTraining {
  /** As the input. */
  readonly output: Tensor;
  /** The mean of the batch, `[C]`. */
  readonly mean: Tensor;
  /** The variance of the batch, biased (divided by n), `[C]`. */
  readonly variance: Tensor;
}

/**
 * Batch normalisation by the batch's own mean and variance, which are returned for moving averages. Its gradient reads
 * the input and the output's gradient twice: once for the two sums, and once for
 * dx = gamma·inv·(dy - mean(dy) - x̂·mean(dy·x̂)), with inv = 1 / √(variance + epsilon) and x̂ = (x - mean)·inv.
 * @throws AuricleError "shape" unless gamma and beta are `[C]`.
 */
export function batchNormTraining(x: Tensor, options: BatchNormOptions = {}): BatchNormTraining {
  checkOptions("batchNormTraining", options, OPTIONS, "x, ");
  const { gamma, beta, epsilon = 1e-3, axis = -1 } = options;
  const axes = batchAxes(x, axis, { gamma, beta });
  const { mean, variance } = moments(x, axes);
  const inverse = divide(1, sqrt(add(variance, epsilon)));
  const scale = gamma ? multiply(gamma, inverse) : inverse;
  const inputs = [x, ...(gamma ? [gamma] : []), ...(beta ? [beta] : [])];
  const output = withGradient(applyScale(x, mean, scale, beta, axes), inputs, (dy) => {
    const wide = (vector: Tensor) => broadcastAlong(vector, x.shape, axes);
    const deviation = subtract(x, wide(mean));
    const betaGradient = sum(dy, axes);
    const gammaGradient = multiply(sum(multiply(dy, deviation), axes), inverse);
    const share = sizeOf(mean.shape) / sizeOf(x.shape);
    // For each channel: dx = scale·dy + slope·(x - mean) + shift.
    const slope = multiply(multiply(scale, inverse), multiply(gammaGradient, -share));
    const shift = multiply(scale, multiply(betaGradient, -share));
    const dx = add(add(multiply(dy, wide(scale)), multiply(deviation, wide(slope))), wide(shift));
    // A number added to all of a channel changes nothing: so a bias before has the gradient 0, and dx is not read for it.
    const zeroSumAxes = axes;
    return [
      withFacts(dx, { zeroSumAxes }),
      ...(gamma ? [gammaGradient] : []),
      ...(beta ? [betaGradient] : []),
    ];
  });
  return { output, mean, variance };
}
