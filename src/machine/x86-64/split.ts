/**
 * @file Splits expressions that need more registers than there are: parts of them become variables, which may live on the
 * stack.
 */
import type { KernelCode, Statement, VectorExpression, VectorVariable } from "../ir.ts";
import { registersNeeded } from "./registers-needed.ts";

/** The kernel with expressions that need at most `most` registers. */
export function splitDeepExpressions(kernel: KernelCode, most: number): KernelCode {
  const splitter = new Splitter(kernel.vectorVariableCount, most);
  const statements = splitter.block(kernel.statements);
  return { ...kernel, statements, vectorVariableCount: splitter.variables };
}

class Splitter {
  variables: number;
  private readonly most: number;
  private statements: Statement[] = [];

  constructor(variables: number, most: number) {
    this.variables = variables;
    this.most = most;
  }

  block(list: readonly Statement[]): readonly Statement[] {
    const outer = this.statements;
    this.statements = [];
    for (const statement of list) this.statements.push(this.statement(statement));
    const result = this.statements;
    this.statements = outer;
    return result;
  }

  private statement(statement: Statement): Statement {
    switch (statement.kind) {
      case "setVector":
      case "store": {
        const value = this.expression(statement.value);
        return value === statement.value ? statement : { ...statement, value };
      }
      case "loop":
      case "ifAtLeast":
        return { ...statement, body: this.block(statement.body) };
      case "unrolledLoop":
        return {
          ...statement,
          bodies: statement.bodies.map((body) => this.block(body)),
          afterRound: this.block(statement.afterRound),
        };
      default:
        return statement;
    }
  }

  private expression(expression: VectorExpression): VectorExpression {
    if (registersNeeded(expression) <= this.most) return expression;
    const parts = partsOf(expression).map((part) => this.expression(part));
    let result = withParts(expression, parts);
    while (registersNeeded(result) > this.most) {
      const needs = parts.map((part) => registersNeeded(part));
      const most = needs.indexOf(Math.max(...needs));
      parts[most] = this.variable(parts[most]);
      result = withParts(expression, parts);
    }
    return result;
  }

  private variable(value: VectorExpression): VectorVariable {
    const variable: VectorVariable = { kind: "vectorVariable", id: this.variables++ };
    this.statements.push({ kind: "setVector", variable, value });
    return variable;
  }
}

function withParts(expression: VectorExpression, parts: readonly VectorExpression[]): VectorExpression {
  switch (expression.kind) {
    case "unary":
    case "shift":
      return { ...expression, a: parts[0] };
    case "binary":
    case "shuffle":
      return { ...expression, a: parts[0], b: parts[1] };
    case "multiplyAdd":
      return { ...expression, a: parts[0], b: parts[1], c: parts[2] };
    case "select":
      return { ...expression, mask: parts[0], a: parts[1], b: parts[2] };
    default:
      return expression;
  }
}

/** The vector expressions that an expression is computed from. */
function partsOf(expression: VectorExpression): readonly VectorExpression[] {
  switch (expression.kind) {
    case "unary":
    case "shift":
    case "horizontal":
      return [expression.a];
    case "binary":
    case "shuffle":
      return [expression.a, expression.b];
    case "multiplyAdd":
      return [expression.a, expression.b, expression.c];
    case "select":
      return [expression.mask, expression.a, expression.b];
    default:
      return [];
  }
}
