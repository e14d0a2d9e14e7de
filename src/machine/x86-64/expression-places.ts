/** @file The places of operands and their needs, which decide an instruction's form and the order of its operands. */
import type { VectorExpression } from "../ir.ts";
import type { VectorRegister } from "./registers.ts";
import { registersNeeded } from "./registers-needed.ts";
import type { VectorContext } from "./vector-context.ts";

export class ExpressionPlaces {
  private readonly context: VectorContext;
  private readonly needs = new Map<VectorExpression, number>();
  private readonly variableNeed = (id: number) =>
    typeof this.context.frame.vectorPlace(id) === "number" ? 0 : 1;

  constructor(context: VectorContext) {
    this.context = context;
  }

  /** The registers of the variables that an expression reads, one bit each. */
  registersRead(expression: VectorExpression): number {
    switch (expression.kind) {
      case "vectorVariable": {
        const register = this.context.ownRegister(expression);
        return register === undefined ? 0 : 1 << register;
      }
      case "unary":
      case "shift":
      case "horizontal":
        return this.registersRead(expression.a);
      case "binary":
      case "shuffle":
        return this.registersRead(expression.a) | this.registersRead(expression.b);
      case "multiplyAdd":
      case "multiplyAddPairs":
        return (
          this.registersRead(expression.a) |
          this.registersRead(expression.b) |
          this.registersRead(expression.c)
        );
      case "select":
        return (
          this.registersRead(expression.mask) |
          this.registersRead(expression.a) |
          this.registersRead(expression.b)
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
        return 0;
    }
  }

  /** Whether an expression can be read from memory by the instruction that it is the last operand of. */
  isInMemory(expression: VectorExpression): boolean {
    const { context } = this;
    switch (expression.kind) {
      case "vectorVariable":
        return context.ownRegister(expression) === undefined;
      case "constant":
      case "doubleConstant":
      case "intConstant":
      case "laneIndex":
      case "firstLanes":
        return true;
      case "load":
        return expression.count === context.lanes;
      case "broadcast":
        return context.width === 512;
      default:
        return false;
    }
  }

  /** Whether a part is the variable in register d, and nothing else reads it. */
  isIn(d: VectorRegister, part: VectorExpression, a: VectorExpression, b: VectorExpression): boolean {
    if (this.context.ownRegister(part) !== d) return false;
    return ((this.registersRead(a) | this.registersRead(b)) & (1 << d)) === 0;
  }

  /** How many registers an expression takes, about; none if it is in one. */
  need(expression: VectorExpression): number {
    switch (expression.kind) {
      case "vectorVariable":
        return this.variableNeed(expression.id);
      case "unary":
      case "binary":
      case "shift":
      case "multiplyAdd":
      case "multiplyAddPairs":
      case "select":
      case "shuffle": {
        let need = this.needs.get(expression);
        if (need === undefined) {
          need = registersNeeded(expression, this.variableNeed);
          this.needs.set(expression, need);
        }
        return need;
      }
      case "horizontal":
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
}
