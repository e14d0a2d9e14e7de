/**
 * @file From where to where in a kernel each variable holds a value that is still needed, and how often it is used.
 *
 * Statements are numbered in their order. A statement reads at an even position and writes at the odd one after it, so
 * that a result may take the register of an operand that is read for the last time.
 */

import type { IntExpression, Statement, VectorExpression } from "../ir.ts";

export interface LiveRange {
  readonly id: number;
  start: number;
  end: number;
  /** Uses, each counted ten times for every loop around it. */
  weight: number;
}

export interface LiveRanges {
  readonly ints: readonly LiveRange[];
  readonly vectors: readonly LiveRange[];
  /** The position at which each statement reads. */
  readonly positions: ReadonlyMap<Statement, number>;
}

/** Kernels' parameters are written before the first statement. */
const ENTRY = -1;

class Recorder {
  readonly ints = new Map<number, LiveRange>();
  readonly vectors = new Map<number, LiveRange>();
  readonly positions = new Map<Statement, number>();
  private position = 0;
  private weight = 1;

  statements(list: readonly Statement[]): void {
    for (const statement of list) this.statement(statement);
  }

  touch(ranges: Map<number, LiveRange>, id: number, at: number): void {
    const range = ranges.get(id);
    if (!range) {
      ranges.set(id, { id, start: at, end: at, weight: this.weight });
      return;
    }
    range.end = Math.max(range.end, at);
    range.weight += this.weight;
  }

  private statement(statement: Statement): void {
    const at = this.position;
    this.positions.set(statement, at);
    this.position += 2;
    switch (statement.kind) {
      case "setInt":
        this.int(statement.value, at);
        this.touch(this.ints, statement.variable.id, at + 1);
        return;
      case "setVector":
        this.vector(statement.value, at);
        this.touch(this.vectors, statement.variable.id, at + 1);
        return;
      case "store":
        this.int(statement.address, at);
        this.vector(statement.value, at);
        return;
      case "ifAtLeast":
        this.int(statement.a, at);
        this.int(statement.b, at);
        this.statements(statement.body);
        return;
      case "loop":
        this.int(statement.from, at);
        this.touch(this.ints, statement.counter.id, at + 1);
        this.int(statement.to, at);
        this.loop(at + 1, [statement.body], statement.counter.id, statement.to);
        return;
      case "unrolledLoop":
        this.loop(at, [...statement.bodies, statement.afterRound], statement.counter.id, statement.to);
        return;
    }
  }

  /** What was written before a loop and is used in it is needed until its end, since it may come around again. */
  private loop(
    start: number,
    bodies: readonly (readonly Statement[])[],
    counter: number,
    to: IntExpression,
  ): void {
    const before = this.snapshot();
    this.weight *= 10;
    for (const body of bodies) {
      this.statements(body);
      this.touch(this.ints, counter, this.position);
      this.int(to, this.position);
      this.position += 2;
    }
    this.weight /= 10;
    const end = this.position;
    this.position += 2;
    for (const [ranges, known] of [
      [this.ints, before.ints],
      [this.vectors, before.vectors],
    ] as const) {
      for (const range of ranges.values()) {
        const usedInside = range.end > start;
        const isRead = range.start > start && range.start % 2 === 0;
        if (usedInside && (known.has(range.id) || isRead)) {
          range.start = Math.min(range.start, start);
          range.end = end;
        }
      }
    }
  }

  private snapshot(): { ints: ReadonlySet<number>; vectors: ReadonlySet<number> } {
    return { ints: new Set(this.ints.keys()), vectors: new Set(this.vectors.keys()) };
  }

  private int(expression: IntExpression, at: number): void {
    if (expression.kind === "intVariable") this.touch(this.ints, expression.id, at);
    if (expression.kind === "intBinary") {
      this.int(expression.a, at);
      this.int(expression.b, at);
    }
  }

  private vector(expression: VectorExpression, at: number): void {
    switch (expression.kind) {
      case "vectorVariable":
        this.touch(this.vectors, expression.id, at);
        return;
      case "splatInt":
        this.int(expression.value, at);
        return;
      case "load":
      case "broadcast":
      case "gather":
        this.int(expression.address, at);
        return;
      case "unary":
      case "shift":
      case "horizontal":
        this.vector(expression.a, at);
        return;
      case "binary":
        this.vector(expression.a, at);
        this.vector(expression.b, at);
        return;
      case "multiplyAdd":
        this.vector(expression.a, at);
        this.vector(expression.b, at);
        this.vector(expression.c, at);
        return;
      case "select":
        this.vector(expression.mask, at);
        this.vector(expression.a, at);
        this.vector(expression.b, at);
        return;
    }
  }
}

export function liveRanges(statements: readonly Statement[], parameterCount: number): LiveRanges {
  const recorder = new Recorder();
  for (let id = 0; id < parameterCount; id++) recorder.touch(recorder.ints, id, ENTRY);
  recorder.statements(statements);
  return {
    ints: [...recorder.ints.values()],
    vectors: [...recorder.vectors.values()],
    positions: recorder.positions,
  };
}
