/** @file Batch normalisation in training, by the statistics of the batch itself. */
import { withFacts, withGradient, type Tensor } from "../graph/tensor.ts";
import { checkOptions } from "../options.ts";
import { sizeOf } from "../tensor/shape.ts";
import { add, divide, multiply, subtract } from "./arithmetic.ts";
import { applyScale, BATCH_NORM_OPTIONS, batchAxes, type BatchNormOptions } from "./batch-norm.ts";
import { sqrt } from "./exponential.ts";
import { broadcastAlong, sum } from "./sum.ts";
import { moments, type Moments } from "./variance.ts";

export interface BatchNormTraining {
  /** As the input. */
  readonly output: Tensor;
  /** The mean of the batch, `[C]`. */
  readonly mean: Tensor;
  /** The variance of the batch, biased (divided by n), `[C]`. */
  readonly variance: Tensor;
}

/** How the processes that share a batch come to know of each other's parts. */
export interface AcrossShares {
  /** The mean and the variance of the whole batch, from those of a share. */
  moments(own: Moments): Moments;
  /** The mean over the shares, weighted by their examples, of sums over a share's elements. */
  sums(own: readonly [Tensor, Tensor]): readonly [Tensor, Tensor];
}

const ALONE: AcrossShares = { moments: (own) => own, sums: (own) => own };

/**
 * Batch normalisation by the batch's own mean and variance, which are returned for moving averages. Its gradient reads
 * the input and the output's gradient twice: once for the two sums, and once for
 * dx = gamma·inv·(dy - mean(dy) - x̂·mean(dy·x̂)), with inv = 1 / √(variance + epsilon) and x̂ = (x - mean)·inv.
 * @throws AuricleError "shape" unless gamma and beta are `[C]`.
 */
export function batchNormTraining(x: Tensor, options: BatchNormOptions = {}): BatchNormTraining {
  return batchNormOfShare(x, options, ALONE);
}

/**
 * As {@link batchNormTraining}, where `x` is a share of the batch. The loss is the mean over the share's examples, and the gradients of
 * all shares are averaged by their examples; then those of gamma and beta are of the share, as of any other weight, and
 * the two means in dx are of the whole batch.
 */
export function batchNormOfShare(
  x: Tensor,
  options: BatchNormOptions,
  across: AcrossShares,
): BatchNormTraining {
  checkOptions("batchNormTraining", options, BATCH_NORM_OPTIONS, "x, ");
  const { gamma, beta, epsilon = 1e-3, axis = -1 } = options;
  const axes = batchAxes(x, axis, { gamma, beta });
  const { mean, variance } = across.moments(moments(x, axes));
  const inverse = divide(1, sqrt(add(variance, epsilon)));
  const scale = gamma ? multiply(gamma, inverse) : inverse;
  const inputs = [x, ...(gamma ? [gamma] : []), ...(beta ? [beta] : [])];
  const output = withGradient(applyScale(x, mean, scale, beta, axes), inputs, (dy) => {
    const wide = (vector: Tensor) => broadcastAlong(vector, x.shape, axes);
    const deviation = subtract(x, wide(mean));
    const betaGradient = sum(dy, axes);
    const gammaGradient = multiply(sum(multiply(dy, deviation), axes), inverse);
    const [gammaSum, betaSum] = across.sums([gammaGradient, betaGradient]);
    const share = sizeOf(mean.shape) / sizeOf(x.shape);
    // For each channel: dx = scale·dy + slope·(x - mean) + shift.
    const slope = multiply(multiply(scale, inverse), multiply(gammaSum, -share));
    const shift = multiply(scale, multiply(betaSum, -share));
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
