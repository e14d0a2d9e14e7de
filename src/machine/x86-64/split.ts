/**
 * @file Splits expressions that need more registers than there are: parts of them become variables, which may live on the
 * stack.
 */
import type { KernelCode, Statement, VectorExpression, VectorVariable } from "../ir.ts";
import { registersNeeded } from "./registers-needed.ts";

/** Registers that an instruction may need besides those of its operands: masks, halves on their way. */
const SPARE = 3;

/** The kernel with expressions that can be computed with so many registers, even if all variables have one. */
export function splitDeepExpressions(kernel: KernelCode, registers: number): KernelCode {
  const splitter = new Splitter(kernel.vectorVariableCount, registers);
  const statements = splitter.block(kernel.statements);
  return { ...kernel, statements, vectorVariableCount: splitter.variables };
}

class Splitter {
  variables: number;
  private readonly registers: number;
  private statements: Statement[] = [];

  constructor(variables: number, registers: number) {
    this.variables = variables;
    this.registers = registers;
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
    if (this.fits(expression)) return expression;
    const parts = partsOf(expression).map((part) => this.expression(part));
    let result = withParts(expression, parts);
    while (!this.fits(result)) {
      const needs = parts.map((part) => registersNeeded(part) + readsOf(part));
      const most = needs.indexOf(Math.max(...needs));
      parts[most] = this.variable(parts[most]);
      result = withParts(expression, parts);
    }
    return result;
  }

  /** Whether an expression fits into the registers: its operands stay where they are meanwhile, and the result takes one. */
  private fits(expression: VectorExpression): boolean {
    // Most expressions are small: none needs or reads more registers than it has leaves.
    if (2 * leavesOf(expression) <= this.registers - SPARE - 1) return true;
    const needed = registersNeeded(expression);
    const available = this.registers - needed - SPARE - 1;
    if (needed > this.registers / 2) return false;
    return readsOf(expression) <= available || distinctReadsOf(expression) <= available;
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
    case "multiplyAddPairs":
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
    case "multiplyAddPairs":
      return [expression.a, expression.b, expression.c];
    case "select":
      return [expression.mask, expression.a, expression.b];
    default:
      return [];
  }
}

/** How many parts of an expression have no parts themselves; a part that occurs twice counts twice. */
function leavesOf(expression: VectorExpression): number {
  switch (expression.kind) {
    case "unary":
    case "shift":
    case "horizontal":
      return leavesOf(expression.a);
    case "binary":
    case "shuffle":
      return leavesOf(expression.a) + leavesOf(expression.b);
    case "multiplyAdd":
    case "multiplyAddPairs":
      return leavesOf(expression.a) + leavesOf(expression.b) + leavesOf(expression.c);
    case "select":
      return leavesOf(expression.mask) + leavesOf(expression.a) + leavesOf(expression.b);
    default:
      return 1;
  }
}

/** How often an expression reads a variable. */
function readsOf(expression: VectorExpression): number {
  switch (expression.kind) {
    case "vectorVariable":
      return 1;
    case "unary":
    case "shift":
    case "horizontal":
      return readsOf(expression.a);
    case "binary":
    case "shuffle":
      return readsOf(expression.a) + readsOf(expression.b);
    case "multiplyAdd":
    case "multiplyAddPairs":
      return readsOf(expression.a) + readsOf(expression.b) + readsOf(expression.c);
    case "select":
      return readsOf(expression.mask) + readsOf(expression.a) + readsOf(expression.b);
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
      return 0;
  }
}

/** How many variables an expression reads. */
function distinctReadsOf(expression: VectorExpression): number {
  const found = new Set<number>();
  const visit = (part: VectorExpression) => {
    if (part.kind === "vectorVariable") found.add(part.id);
    else partsOf(part).forEach(visit);
  };
  visit(expression);
  return found.size;
}
