import type {
  IntBinaryOperator,
  IntExpression,
  IntVariable,
  KernelCode,
  MachineTraits,
  ShiftOperator,
  Statement,
  VectorBinaryOperator,
  VectorExpression,
  VectorUnaryOperator,
  VectorVariable,
} from "./ir.ts";

/** Expressions that cost nothing to write out again. */
const FREE: ReadonlySet<VectorExpression["kind"]> = new Set([
  "vectorVariable",
  "constant",
  "doubleConstant",
  "intConstant",
]);

/** Integers may be given as plain numbers wherever an integer expression is wanted. */
export type Int = number | IntExpression;

/** Writes one kernel, statement by statement. Expressions are plain values until a statement uses them. */
export class KernelBuilder {
  readonly machine: MachineTraits;
  readonly parameters: readonly IntVariable[];
  private intVariables = 0;
  private vectorVariables = 0;
  private statements: Statement[] = [];

  constructor(machine: MachineTraits, parameterCount: number) {
    this.machine = machine;
    this.parameters = Array.from({ length: parameterCount }, () => this.newInt());
  }

  finish(): KernelCode {
    return {
      machine: this.machine,
      parameterCount: this.parameters.length,
      intVariableCount: this.intVariables,
      vectorVariableCount: this.vectorVariables,
      statements: this.statements,
    };
  }

  // Integers: addresses and counters. Constants are folded, since generators compute most offsets beforehand.

  int(value: Int): IntExpression {
    return typeof value === "number" ? { kind: "int", value } : value;
  }

  add(a: Int, b: Int): IntExpression {
    const left = this.int(a);
    const right = this.int(b);
    if (left.kind === "int" && right.kind === "int") return this.int(left.value + right.value);
    if (left.kind === "int" && left.value === 0) return right;
    if (right.kind === "int" && right.value === 0) return left;
    return this.integerBinary("add", left, right);
  }

  subtract(a: Int, b: Int): IntExpression {
    const right = this.int(b);
    if (right.kind === "int" && right.value === 0) return this.int(a);
    return this.integerBinary("subtract", this.int(a), right);
  }

  multiply(a: Int, b: Int): IntExpression {
    const left = this.int(a);
    const right = this.int(b);
    if (left.kind === "int" && right.kind === "int") return this.int(left.value * right.value);
    if (left.kind === "int" && left.value === 1) return right;
    if (right.kind === "int" && right.value === 1) return left;
    return this.integerBinary("multiply", left, right);
  }

  /** Unsigned quotient. */
  divide(a: Int, b: number): IntExpression {
    const left = this.int(a);
    return b === 1 ? left : this.integerBinary("divide", left, this.int(b));
  }

  /** Unsigned remainder. */
  remainder(a: Int, b: number): IntExpression {
    return b === 1 ? this.int(0) : this.integerBinary("remainder", this.int(a), this.int(b));
  }

  /** The smaller of two unsigned integers. */
  minimum(a: Int, b: Int): IntExpression {
    return this.integerBinary("min", this.int(a), this.int(b));
  }

  /** The larger of two unsigned integers. */
  maximum(a: Int, b: Int): IntExpression {
    return this.integerBinary("max", this.int(a), this.int(b));
  }

  /** The 32-bit word at address + offset. Bind it with `intVariable` if it is used more than once. */
  loadInt(address: Int, offset = 0): IntExpression {
    return { kind: "loadInt", address: this.int(address), offset };
  }

  private integerBinary(operator: IntBinaryOperator, a: IntExpression, b: IntExpression): IntExpression {
    return { kind: "intBinary", operator, a, b };
  }

  private newInt(): IntVariable {
    return { kind: "intVariable", id: this.intVariables++ };
  }

  intVariable(initial: Int): IntVariable {
    const variable = this.newInt();
    this.setInt(variable, initial);
    return variable;
  }

  setInt(variable: IntVariable, value: Int): void {
    this.statements.push({ kind: "setInt", variable, value: this.int(value) });
  }

  increment(variable: IntVariable, amount: Int): void {
    this.setInt(variable, this.add(variable, amount));
  }

  // Vectors.

  constant(value: number): VectorExpression {
    return { kind: "constant", value };
  }

  doubleConstant(value: number): VectorExpression {
    return { kind: "doubleConstant", value };
  }

  intConstant(value: number): VectorExpression {
    return { kind: "intConstant", value: value | 0 };
  }

  splatInt(value: Int): VectorExpression {
    return { kind: "splatInt", value: this.int(value) };
  }

  laneIndex(): VectorExpression {
    return { kind: "laneIndex" };
  }

  firstLanes(count: number): VectorExpression {
    return { kind: "firstLanes", count };
  }

  load(address: Int, offset = 0, count = this.machine.lanes): VectorExpression {
    return { kind: "load", address: this.int(address), offset, count };
  }

  broadcast(address: Int, offset = 0): VectorExpression {
    return { kind: "broadcast", address: this.int(address), offset };
  }

  /** The float64 at address + offset. */
  broadcastDouble(address: Int, offset = 0): VectorExpression {
    return { kind: "broadcastDouble", address: this.int(address), offset };
  }

  gather(address: Int, offset: number, stride: number, count = this.machine.lanes): VectorExpression {
    return { kind: "gather", address: this.int(address), offset, stride, count };
  }

  unary(operator: VectorUnaryOperator, a: VectorExpression): VectorExpression {
    return { kind: "unary", operator, a };
  }

  binary(operator: VectorBinaryOperator, a: VectorExpression, b: VectorExpression): VectorExpression {
    return { kind: "binary", operator, a, b };
  }

  shift(operator: ShiftOperator, a: VectorExpression, bits: number): VectorExpression {
    return { kind: "shift", operator, a, bits };
  }

  multiplyAdd(a: VectorExpression, b: VectorExpression, c: VectorExpression): VectorExpression {
    return { kind: "multiplyAdd", a, b, c };
  }

  /** Two products of bfloat16 numbers to a lane. */
  multiplyAddPairs(a: VectorExpression, b: VectorExpression, c: VectorExpression): VectorExpression {
    return { kind: "multiplyAddPairs", a, b, c };
  }

  select(mask: VectorExpression, a: VectorExpression, b: VectorExpression): VectorExpression {
    return { kind: "select", mask, a, b };
  }

  /** Lane l of the result is lane sources[l] of `a`, or lane sources[l] - lanes of `b`. */
  shuffle(a: VectorExpression, b: VectorExpression, sources: readonly number[]): VectorExpression {
    return { kind: "shuffle", a, b, sources };
  }

  horizontal(operator: "add" | "min" | "max", a: VectorVariable): VectorExpression {
    return { kind: "horizontal", operator, a };
  }

  vectorVariable(initial: VectorExpression): VectorVariable {
    const variable: VectorVariable = { kind: "vectorVariable", id: this.vectorVariables++ };
    this.setVector(variable, initial);
    return variable;
  }

  /** Binds a value that is used more than once; constants and variables need no binding. */
  let(value: VectorExpression): VectorExpression {
    return FREE.has(value.kind) ? value : this.vectorVariable(value);
  }

  setVector(variable: VectorVariable, value: VectorExpression): void {
    this.statements.push({ kind: "setVector", variable, value });
  }

  store(address: Int, offset: number, value: VectorExpression, count = this.machine.lanes): void {
    this.statements.push({ kind: "store", address: this.int(address), offset, value, count });
  }

  /** Transposes a square of `lanes` different variables in place. */
  transpose(variables: readonly VectorVariable[]): void {
    this.statements.push({ kind: "transpose", variables });
  }

  // Control.

  /** for (counter = from; counter < to; counter += step) body(counter). */
  loop(from: Int, to: Int, step: number, body: (counter: IntVariable) => void): void {
    const start = this.int(from);
    const end = this.int(to);
    const counter = this.newInt();
    const known = start.kind === "int" && end.kind === "int";
    if (known && start.value >= end.value) return;
    this.statements.push({
      kind: "loop",
      counter,
      from: start,
      to: end,
      step,
      atLeastOnce: known,
      body: this.block(() => body(counter)),
    });
  }

  /** See the statement's description: `counter` already holds its first value. */
  unrolledLoop(
    counter: IntVariable,
    to: Int,
    step: number,
    copies: number,
    body: (copy: number) => void,
    afterRound: () => void,
  ): void {
    this.statements.push({
      kind: "unrolledLoop",
      counter,
      to: this.int(to),
      step,
      bodies: Array.from({ length: copies }, (_, copy) => this.block(() => body(copy))),
      afterRound: this.block(afterRound),
    });
  }

  ifAtLeast(a: Int, b: Int, body: () => void): void {
    this.statements.push({ kind: "ifAtLeast", a: this.int(a), b: this.int(b), body: this.block(body) });
  }

  /**
   * Writes computations that do not depend on each other, a statement of each in turn: while one waits for its last result the
   * others go on. A processor finds such work by itself over short distances only.
   */
  sideBySide<T>(computations: readonly (() => T)[]): T[] {
    const results: T[] = [];
    const blocks = computations.map((compute) => this.block(() => results.push(compute())));
    const longest = Math.max(0, ...blocks.map((block) => block.length));
    for (let i = 0; i < longest; i++) {
      for (const block of blocks) if (i < block.length) this.statements.push(block[i]);
    }
    return results;
  }

  private block(write: () => void): readonly Statement[] {
    const outer = this.statements;
    this.statements = [];
    write();
    const inner = this.statements;
    this.statements = outer;
    return inner;
  }
}
