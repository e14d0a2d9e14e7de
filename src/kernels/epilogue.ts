import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import { emitExpressions, type Expression } from "./expression.ts";
import type { StridedOperand } from "./strided.ts";

/**
 * Elementwise arithmetic applied to each result of another kernel before it is stored. In `expression`, operand
 * 0 is the result itself and operand i is `operands[i - 1]`, strided over the result's shape.
 */
export interface Epilogue {
  readonly expression: Expression;
  readonly operands: readonly StridedOperand[];
}

/**
 * Most simple instructions of an epilogue that is written out for every vector of a tile. Longer ones, as tanh's, would be most of
 * a kernel's code, which takes long to generate and has no registers left for what it computes beside the tile.
 */
const LONGEST_UNROLLED = 16;

/** Whether an epilogue is better applied in a loop, to results that were stored without it. */
export function isLongEpilogue(epilogue: Epilogue | undefined): boolean {
  const counted = new Set<Expression>();
  const costOf = (expression: Expression): number => {
    if (expression.kind !== "apply" || counted.has(expression)) return 0;
    counted.add(expression);
    return expression.arguments.reduce((sum, part) => sum + costOf(part), expression.function.cost);
  };
  return epilogue !== undefined && costOf(epilogue.expression) > LONGEST_UNROLLED;
}

/** The result after its epilogue; `operand(i)` loads the lanes of `epilogue.operands[i]`. */
export function emitEpilogue(
  k: KernelBuilder,
  epilogue: Epilogue | undefined,
  result: VectorExpression,
  operand: (index: number) => VectorExpression,
): VectorExpression {
  if (!epilogue) return result;
  const [value] = emitExpressions(k, [epilogue.expression], (index) =>
    index === 0 ? result : operand(index - 1),
  );
  return value;
}
