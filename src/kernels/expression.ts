/** @file Elementwise arithmetic as data: what fusion builds and kernels evaluate lane by lane. */
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";

/** One elementwise function as the vector machine computes it. An argument used twice must be bound with `let`. */
export interface ElementwiseFunction {
  readonly name: string;
  /** Roughly how many simple vector instructions it takes: whether it is cheap to compute again. */
  readonly cost: number;
  /** The arithmetic that it is, where passes may rearrange it. */
  readonly arithmetic?: "add" | "subtract" | "multiply";
  emit(k: KernelBuilder, args: readonly VectorExpression[], parameters: readonly number[]): VectorExpression;
}

/** A directed acyclic graph: an Expression object that occurs twice is computed once. */
export type Expression =
  | { readonly kind: "operand"; readonly index: number }
  | { readonly kind: "constant"; readonly value: number }
  | {
      readonly kind: "apply";
      readonly function: ElementwiseFunction;
      readonly parameters: readonly number[];
      readonly arguments: readonly Expression[];
    };

/** Evaluates several expressions over the same lanes; shared parts and operands are computed once. */
export function emitExpressions(
  k: KernelBuilder,
  expressions: readonly Expression[],
  loadOperand: (index: number) => VectorExpression,
): VectorExpression[] {
  const uses = new Map<Expression | number, number>();
  const identity = (expression: Expression) =>
    expression.kind === "operand" ? expression.index : expression;
  const count = (expression: Expression): void => {
    const key = identity(expression);
    const before = uses.get(key) ?? 0;
    uses.set(key, before + 1);
    if (before === 0 && expression.kind === "apply") expression.arguments.forEach(count);
  };
  expressions.forEach(count);

  const done = new Map<Expression | number, VectorExpression>();
  const emit = (expression: Expression): VectorExpression => {
    const key = identity(expression);
    const known = done.get(key);
    if (known) return known;
    let value: VectorExpression;
    if (expression.kind === "operand") value = loadOperand(expression.index);
    else if (expression.kind === "constant") value = k.constant(expression.value);
    else value = expression.function.emit(k, expression.arguments.map(emit), expression.parameters);
    if ((uses.get(key) ?? 0) > 1) value = k.let(value);
    done.set(key, value);
    return value;
  };
  return expressions.map(emit);
}
