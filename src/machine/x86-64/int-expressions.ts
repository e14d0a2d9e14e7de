/** @file Integer expressions: addresses, counters and bounds. Computed in eax; edx and the stack help. */
import type { IntBinaryOperator, IntExpression } from "../ir.ts";
import type { Assembler } from "./assembler.ts";
import type { Frame } from "./frame.ts";
import { GENERAL, memory, type GeneralRegister, type Operand } from "./registers.ts";

const { rax, rdx } = GENERAL;

/** The register that has the memory's beginning, all the time. */
export const MEMORY_BASE = GENERAL.r15;

type IntBinary = Extract<IntExpression, { kind: "intBinary" }>;

export class IntExpressions {
  private readonly assembler: Assembler;
  private readonly frame: Frame;

  constructor(assembler: Assembler, frame: Frame) {
    this.assembler = assembler;
    this.frame = frame;
  }

  /** Where a value can be read: in its variable's place, or in eax after it is computed there. */
  operand(expression: IntExpression): GeneralRegister | Operand {
    if (expression.kind === "intVariable") return this.frame.intPlace(expression.id);
    this.compute(expression);
    return rax;
  }

  /** A register that has the value: the variable's own, or eax. */
  register(expression: IntExpression): GeneralRegister {
    const place = this.operand(expression);
    if (typeof place === "number") return place;
    this.assembler.move(rax, place);
    return rax;
  }

  set(variable: number, value: IntExpression): void {
    const place = this.frame.intPlace(variable);
    if (typeof place === "number" && value.kind === "int") {
      this.assembler.moveImmediate(place, value.value);
      return;
    }
    if (value.kind === "intBinary" && this.accumulate(variable, value)) return;
    const from = this.register(value);
    if (typeof place !== "number") this.assembler.store(place, from);
    else if (place !== from) this.assembler.move(place, from);
  }

  /** variable += amount or variable -= amount, where its place is; false if it is not that. */
  private accumulate(variable: number, { operator, a, b }: IntBinary): boolean {
    const isOwn = a.kind === "intVariable" && a.id === variable;
    if (!isOwn || (operator !== "add" && operator !== "subtract")) return false;
    const name = operator === "add" ? "add" : "sub";
    const place = this.frame.intPlace(variable);
    if (b.kind === "int") {
      this.assembler.arithmeticImmediate(name, place, b.value | 0);
      return true;
    }
    if (typeof place !== "number") return false;
    this.assembler.arithmetic(name, place, this.operand(b));
    return true;
  }

  add(variable: number, amount: number): void {
    this.assembler.arithmeticImmediate("add", this.frame.intPlace(variable), amount);
  }

  /** Compares, for a conditional jump, a with b. */
  compare(a: IntExpression, b: IntExpression): void {
    if (b.kind === "int") {
      const place = a.kind === "intVariable" ? this.frame.intPlace(a.id) : this.register(a);
      this.assembler.arithmeticImmediate("cmp", place, b.value | 0);
      return;
    }
    const right = this.leaf(b);
    const left = this.register(a);
    this.assembler.arithmetic("cmp", left, right);
    this.release(right);
  }

  /** eax = the value. */
  private compute(expression: IntExpression): void {
    const { assembler } = this;
    switch (expression.kind) {
      case "int":
        assembler.moveImmediate(rax, expression.value);
        return;
      case "intVariable":
        assembler.move(rax, this.frame.intPlace(expression.id));
        return;
      case "loadInt":
        assembler.move(rax, memory(MEMORY_BASE, expression.offset, this.register(expression.address)));
        return;
      case "intBinary":
        this.binary(expression);
        return;
    }
  }

  private binary({ operator, a, b }: IntBinary): void {
    const { assembler } = this;
    if (b.kind === "int" && this.withConstant(operator, a, b.value)) return;
    if (b.kind !== "intVariable" && a.kind === "intVariable" && isCommutative(operator)) {
      this.binary({ kind: "intBinary", operator, a: b, b: a });
      return;
    }
    const right = this.leaf(b);
    if (operator === "add" && a.kind === "intVariable" && typeof right === "number") {
      const left = this.frame.intPlace(a.id);
      if (typeof left === "number") {
        assembler.sum(rax, left, right);
        return;
      }
    }
    this.compute(a);
    switch (operator) {
      case "add":
        assembler.arithmetic("add", rax, right);
        break;
      case "subtract":
        assembler.arithmetic("sub", rax, right);
        break;
      case "multiply":
        assembler.multiply(rax, right);
        break;
      case "divide":
      case "remainder":
        assembler.arithmetic("xor", rdx, rdx);
        assembler.divide(right);
        if (operator === "remainder") assembler.move(rax, rdx);
        break;
      case "min":
      case "max":
        assembler.arithmetic("cmp", rax, right);
        assembler.conditionalMove(operator === "min" ? "above" : "below", rax, right);
        break;
    }
    this.release(right);
  }

  /** The forms with an immediate; false where there is none. */
  private withConstant(operator: IntBinaryOperator, a: IntExpression, value: number): boolean {
    const { assembler } = this;
    const isPowerOfTwo = value > 0 && (value & (value - 1)) === 0;
    const isDivision = operator === "divide" || operator === "remainder";
    if (operator === "min" || operator === "max" || (isDivision && !isPowerOfTwo)) return false;
    this.compute(a);
    if (operator === "multiply" && isPowerOfTwo) assembler.shiftLeft(rax, 31 - Math.clz32(value));
    else if (operator === "add") assembler.arithmeticImmediate("add", rax, value | 0);
    else if (operator === "subtract") assembler.arithmeticImmediate("sub", rax, value | 0);
    else if (operator === "multiply") assembler.multiplyImmediate(rax, rax, value | 0);
    else if (operator === "divide") assembler.shiftRight(rax, 31 - Math.clz32(value));
    else assembler.arithmeticImmediate("and", rax, value - 1);
    return true;
  }

  /** The second operand of an operation whose first one comes in eax: a variable's place, or one on the stack. */
  private leaf(expression: IntExpression): GeneralRegister | Operand {
    if (expression.kind === "intVariable") return this.frame.intPlace(expression.id);
    this.compute(expression);
    const place = this.frame.takeWord();
    this.assembler.store(place, rax);
    return place;
  }

  private release(place: GeneralRegister | Operand): void {
    if (typeof place !== "number") this.frame.releaseWord(place);
  }
}

function isCommutative(operator: IntBinaryOperator): boolean {
  return operator === "add" || operator === "multiply" || operator === "min" || operator === "max";
}
