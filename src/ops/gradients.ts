import { differentiate } from "../graph/gradient.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "./arithmetic.ts";

/**
 * d loss / d source for each source, for use inside a function being compiled. `loss` must be a scalar.
 * @throws AuricleError "shape" when it is none.
 */
export function gradients(loss: Tensor, sources: readonly Tensor[]): Tensor[] {
  return differentiate(loss, sources, add);
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
