import { constantTensor } from "../graph/sources.ts";
import { differentiate, type GradientArithmetic } from "../graph/gradient.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "./arithmetic.ts";
import { broadcastTo } from "./sum.ts";

function filledLike(tensor: Tensor, value: number): Tensor {
  return broadcastTo(constantTensor({ shape: [], data: Float32Array.of(value) }), tensor.shape);
}

export const gradientArithmetic: GradientArithmetic = {
  add: (a, b) => add(a, b),
  onesLike: (tensor) => filledLike(tensor, 1),
  zerosLike: (tensor) => filledLike(tensor, 0),
};

/**
 * d loss / d source for each source, for use inside a function being compiled. `loss` must be a scalar.
 * @throws AuricleError "shape" when it is none.
 */
export function gradients(loss: Tensor, sources: readonly Tensor[]): Tensor[] {
  return differentiate(loss, sources, gradientArithmetic);
}

/**
 * Turns a scalar function of tensors into one that also gives its gradients, for use inside a function being
 * compiled.
 *
 * @example
 * const step = compile((w, x, y) => {
 *   const [loss, [dw]] = valueAndGrad((w) => meanSquaredError(y, matmul(x, w)))(w);
 *   return [loss, subtract(w, multiply(dw, 0.1))];
 * }, [[3, 1], [8, 3], [8, 1]]);
 */
export function valueAndGrad(
  fn: (...tensors: Tensor[]) => Tensor,
): (...tensors: Tensor[]) => [Tensor, Tensor[]] {
  return (...tensors) => {
    const value = fn(...tensors);
    return [value, gradients(value, tensors)];
  };
}
