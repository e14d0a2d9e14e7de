import { differentiate, type GradientRules } from "../graph/gradient.ts";
import type { Tensor } from "../graph/tensor.ts";
import { add } from "./arithmetic.ts";
import type { OperationGradient } from "./gradients/operation-gradient.ts";
import { GRADIENTS } from "./gradients/table.ts";

/** The table's rules; the parameters of an operation are those of its name. Tensors from outside a graph have none. */
const RULES: ReadonlyMap<string, OperationGradient<never> | undefined> = new Map(Object.entries(GRADIENTS));

const GRADIENT_RULES: GradientRules = {
  add,
  inputGradients: (outputGradient, output) => {
    const { operation, inputs } = output;
    const rule = RULES.get(operation.name);
    return (
      rule?.(outputGradient, inputs, operation.parameters as never, output) ?? inputs.map(() => undefined)
    );
  },
};

/**
 * d loss / d source for each source, for use inside a function being compiled. `loss` must be a scalar.
 * @throws AuricleError "shape" when it is none.
 */
export function gradients(loss: Tensor, sources: readonly Tensor[]): Tensor[] {
  return differentiate(loss, sources, GRADIENT_RULES);
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
