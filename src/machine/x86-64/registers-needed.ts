/**
 * @file How many registers expressions need if they are computed in the best order (Sethi and Ullman 1970).
 *
 * Each kind is written out here and where else expressions are walked for every kernel: with lists of an expression's
 * parts, one function for all of them, the first step of lenet5 took 335 ms instead of 248.
 */
import type { VectorExpression } from "../ir.ts";

const one = () => 1;

/**
 * About how many registers an expression needs.
 * @param variable how many one of its variables needs: none if it has a register of its own
 */
export function registersNeeded(
  expression: VectorExpression,
  variable: (id: number) => number = one,
): number {
  switch (expression.kind) {
    case "vectorVariable":
      return variable(expression.id);
    case "unary":
    case "shift":
    case "horizontal":
      return Math.max(1, registersNeeded(expression.a, variable));
    case "binary":
    case "shuffle":
      return ofTwo(registersNeeded(expression.a, variable), registersNeeded(expression.b, variable));
    case "multiplyAdd":
    case "multiplyAddPairs":
      return ofThree(
        registersNeeded(expression.a, variable),
        registersNeeded(expression.b, variable),
        registersNeeded(expression.c, variable),
      );
    case "select":
      return ofThree(
        registersNeeded(expression.mask, variable),
        registersNeeded(expression.a, variable),
        registersNeeded(expression.b, variable),
      );
    case "constant":
    case "doubleConstant":
    case "intConstant":
    case "splatInt":
    case "laneIndex":
    case "firstLanes":
    case "load":
    case "broadcast":
    case "broadcastDouble":
    case "gather":
      return 1;
  }
}

/** The part that needs more comes first; its result then takes one while the other is computed. */
function ofTwo(a: number, b: number): number {
  return Math.max(1, a, b, Math.min(a, b) + 1);
}

function ofThree(a: number, b: number, c: number): number {
  const most = Math.max(a, b, c);
  const least = Math.min(a, b, c);
  return Math.max(1, most, a + b + c - most - least + 1, least + 2);
}
