import type { ElementwiseFunction, Expression } from "../kernels/expression.ts";
import type { DType } from "../tensor/array.ts";

/** The same number in every lane, as the bits of its dtype. */
export function constantExpression(value: number, dtype: DType): Expression {
  return dtype === "float32"
    ? { kind: "constant", value }
    : { kind: "apply", function: INT_CONSTANT, parameters: [value], arguments: [] };
}

const INT_CONSTANT: ElementwiseFunction = {
  name: "intConstant",
  cost: 0,
  emit: (k, _, [value]) => k.intConstant(value),
};
