/** @file Softmax and its logarithm. Their gradients need the output alone, so the logits need not be kept. */
import { withGradient, type Tensor } from "../graph/tensor.ts";
import { divide, multiply, subtract } from "./arithmetic.ts";
import { exp, log } from "./exponential.ts";
import { max } from "./reduce.ts";
import { normalizeAxes, sum } from "./sum.ts";

/**
 * e^x / Σ e^x over one axis or several together (default: the last). The largest element is subtracted first, so no finite input overflows.
 * Input and output have one shape. Gradient: y·(dy - Σ dy·y).
 * @throws AuricleError "argument" when the axis is out of range.
 */
export function softmax(x: Tensor, axis: number | readonly number[] = -1): Tensor {
  const over = normalizeAxes(x, axis, "softmax");
  const powers = exp(subtract(x, max(x, over, true)));
  return withGradient(divide(powers, sum(powers, over, true)), [x], (dy, output) => [
    multiply(output, subtract(dy, sum(multiply(dy, output), over, true))),
  ]);
}

/**
 * x - ln Σ e^x over one axis or several together (default: the last), accurate where softmax itself would round to 0.
 * Gradient: dy - e^y·Σ dy.
 * @throws AuricleError "argument" when the axis is out of range.
 */
export function logSoftmax(x: Tensor, axis: number | readonly number[] = -1): Tensor {
  const over = normalizeAxes(x, axis, "logSoftmax");
  const shifted = subtract(x, max(x, over, true));
  return withGradient(subtract(shifted, log(sum(exp(shifted), over, true))), [x], (dy, output) => [
    subtract(dy, multiply(exp(output), sum(dy, over, true))),
  ]);
}
