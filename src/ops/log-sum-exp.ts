import { withGradient, type Tensor } from "../graph/tensor.ts";
import { reshape } from "./reshape.ts";
import { add, less, multiply, subtract } from "./arithmetic.ts";
import { exp, log } from "./exponential.ts";
import { max } from "./reduce.ts";
import { abs, where } from "./select.ts";
import { normalizeAxes, broadcastAlong, sum } from "./sum.ts";

/** A tensor with 0 in the place of infinities and NaN. */
function finite(x: Tensor): Tensor {
  return where(less(abs(x), Infinity), x, 0);
}

/**
 * ln Σ eˣ over the axes (default: all), without overflow: the largest element is subtracted first. -infinity where all are.
 * Gradient: the softmax.
 * @throws AuricleError "shape" when an axis that is summed over is empty.
 */
export function logSumExp(x: Tensor, axes?: number | readonly number[], keepDims = false): Tensor {
  const list = normalizeAxes(x, axes, "logSumExp");
  const largest = finite(max(x, list, true));
  const kept = add(log(sum(exp(subtract(x, largest)), list, true)), largest);
  const output = keepDims ? kept : reshape(kept, x.shape.filter((_, axis) => !list.includes(axis))); // prettier-ignore
  return withGradient(output, [x], (gradient, result) => {
    const shares = exp(subtract(x, finite(broadcastAlong(result, x.shape, list))));
    return [multiply(broadcastAlong(gradient, x.shape, list), shares)];
  });
}
