import type { Tensor } from "../graph/tensor.ts";
import { divide, multiply, subtract } from "./arithmetic.ts";
import { normalizeAxes, spread, sum } from "./sum.ts";

/** Arithmetic mean and biased variance (divided by the number of elements). */
export interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * Mean and variance over the axes (default: all), in two passes: the mean, then the mean of the squared deviations
 * from it, so that a mean far from zero costs no digits. The variance is divided by n (Keras' `keras.ops.moments`;
 * PyTorch's `var` divides by n - 1).
 * @throws AuricleError "argument" when an axis is out of range.
 */
export function moments(x: Tensor, axes?: number | readonly number[], keepDims = false): Moments {
  const list = normalizeAxes(x, axes, "moments");
  // Divided by the count, not multiplied by its rounded inverse: equal numbers have variance 0.
  const count = list.reduce((product, axis) => product * x.shape[axis], 1);
  const average = divide(sum(x, list, keepDims), count);
  const deviation = subtract(x, spread(average, x.shape, list));
  const variance = divide(sum(multiply(deviation, deviation), list, keepDims), count);
  // The path through the mean contributes nothing: the deviations add up to zero.
  variance.gradientRule = {
    inputs: [x],
    gradient: (dy) => {
      const scaled = multiply(dy, 2 / count);
      return [multiply(deviation, spread(scaled, x.shape, list))];
    },
  };
  return { mean: average, variance };
}

/** The variance of {@link moments}. */
export function variance(x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  return moments(x, axes, keepDims).variance;
}
