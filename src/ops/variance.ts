import { withGradient, type Tensor } from "../graph/tensor.ts";
import { divide, multiply, subtract } from "./arithmetic.ts";
import { channelMeanPrimitive, channelVariancePrimitive } from "./channel-moments.ts";
import { reshape } from "./reshape.ts";
import { normalizeAxes, broadcastAlong, sum } from "./sum.ts";

/** Arithmetic mean and biased variance (divided by the number of elements). */
export interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Mean and variance over the axes (default: all): the mean, then the mean of the squared deviations
 * from it, so that a mean far from zero costs no digits. The variance is divided by n (Keras' `keras.ops.moments`;
 * PyTorch's `var` divides by n - 1).
 * @throws AuricleError "argument" when an axis is out of range.
 */
export function moments(x: Tensor, axes?: number | readonly number[], keepDims = false): Moments {
  const list = normalizeAxes(x, axes, "moments");
  if (isOfChannels(x, list)) {
    const reshaped = (moment: Tensor) =>
      keepDims
        ? reshape(
            moment,
            x.shape.map((length, axis) => (list.includes(axis) ? 1 : length)),
          )
        : moment;
    return {
      mean: reshaped(channelMeanPrimitive([x], {})),
      variance: reshaped(channelVariancePrimitive([x], {})),
    };
  }
  // Divided by the count, not multiplied by its rounded inverse: equal numbers have variance 0.
  const count = list.reduce((product, axis) => product * x.shape[axis], 1);
  const average = divide(sum(x, list, keepDims), count);
  const deviation = subtract(x, broadcastAlong(average, x.shape, list));
  const squares = divide(sum(multiply(deviation, deviation), list, keepDims), count);
  // The path through the mean contributes nothing: the deviations add up to zero.
  const variance = withGradient(squares, [x], (dy) => [
    multiply(deviation, broadcastAlong(multiply(dy, 2 / count), x.shape, list)),
  ]);
  return { mean: average, variance };
}

/** Fewer channels leave most of a vector unused. */
const LEAST_CHANNELS = 8;

/** Whether all axes but the last are gone, which then has enough channels for kernels of its own. */
function isOfChannels({ shape }: Tensor, axes: readonly number[]): boolean {
  const last = shape.length - 1;
  return last > 0 && axes.length === last && !axes.includes(last) && shape[last] >= LEAST_CHANNELS;
}

/** The variance of {@link moments}. */
export function variance(x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  return moments(x, axes, keepDims).variance;
}
