/**
 * @file From where to where in a kernel each variable holds a value that is still needed, and how often it is used.
 *
 * Statements are numbered in their order. A statement reads at an even position and writes at the odd one after it, so
 * that a result may take the register of an operand that is read for the last time.
 */
import type { IntExpression, Statement, VectorExpression } from "../ir.ts";

export interface LiveRange {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  /** Uses, each counted ten times for every loop around it. */
  readonly weight: number;
}

export interface LiveRanges {
  readonly ints: readonly LiveRange[];
  readonly vectors: readonly LiveRange[];
  /** The position at which each statement reads. */
  readonly positions: ReadonlyMap<Statement, number>;
}

/** Kernels' parameters are written before the first statement. */
const ENTRY = -1;

/** A list of statements that runs as a whole, or not at all. */
interface Block {
  readonly parent: Block | undefined;
  /** Whether it may come around again. */
  readonly isLoop: boolean;
  readonly start: number;
  /** Known once the block is recorded. */
  end: number;
}

interface Use {
  readonly at: number;
  readonly block: Block;
  readonly weight: number;
  readonly writes: boolean;
}

type Uses = Map<number, Use[]>;

class Recorder {
  readonly ints: Uses = new Map();
  readonly vectors: Uses = new Map();
  readonly positions = new Map<Statement, number>();
  private position = 0;
  private weight = 1;
  private block: Block = { parent: undefined, isLoop: false, start: ENTRY, end: Infinity };

  statements(list: readonly Statement[]): void {
    for (const statement of list) this.statement(statement);
  }

  use(uses: Uses, id: number, at: number, writes: boolean): void {
    const use = { at, block: this.block, weight: this.weight, writes };
    const known = uses.get(id);
    if (known) known.push(use);
    else uses.set(id, [use]);
  }

  private statement(statement: Statement): void {
    const at = this.position;
    this.positions.set(statement, at);
    this.position += 2;
    switch (statement.kind) {
      case "setInt":
        this.int(statement.value, at);
        this.use(this.ints, statement.variable.id, at + 1, true);
        return;
      case "setVector":
        this.vector(statement.value, at);
        this.use(this.vectors, statement.variable.id, at + 1, true);
        return;
      case "store":
        this.int(statement.address, at);
        this.vector(statement.value, at);
        return;
      case "transpose":
        for (const { id } of statement.variables) {
          this.use(this.vectors, id, at, false);
          this.use(this.vectors, id, at + 1, true);
        }
        return;
      case "ifAtLeast":
        this.int(statement.a, at);
        this.int(statement.b, at);
        this.inside(false, () => this.statements(statement.body));
        return;
      case "loop":
        this.int(statement.from, at);
        this.use(this.ints, statement.counter.id, at + 1, true);
        // The limit is read once more before the first round, when the counter is written already.
        this.int(statement.to, at + 1);
        this.inside(true, () => this.round(statement.body, statement.counter.id, statement.to));
        return;
      case "unrolledLoop":
        this.inside(true, () => {
          for (const body of [...statement.bodies, statement.afterRound]) {
            this.round(body, statement.counter.id, statement.to);
          }
        });
        return;
    }
  }

  /** One body of a loop: its statements, then the counter's step and comparison. */
  private round(body: readonly Statement[], counter: number, to: IntExpression): void {
    this.statements(body);
    this.use(this.ints, counter, this.position, false);
    this.use(this.ints, counter, this.position + 1, true);
    this.int(to, this.position + 1);
    this.position += 2;
  }

  private inside(isLoop: boolean, record: () => void): void {
    const block = { parent: this.block, isLoop, start: this.position, end: Infinity };
    this.block = block;
    this.weight *= isLoop ? 10 : 1;
    record();
    this.weight /= isLoop ? 10 : 1;
    block.end = this.position;
    this.position += 2;
    this.block = block.parent;
  }

  private int(expression: IntExpression, at: number): void {
    if (expression.kind === "intVariable") this.use(this.ints, expression.id, at, false);
    if (expression.kind === "loadInt") this.int(expression.address, at);
    if (expression.kind === "intBinary") {
      this.int(expression.a, at);
      this.int(expression.b, at);
    }
  }

  private vector(expression: VectorExpression, at: number): void {
    switch (expression.kind) {
      case "vectorVariable":
        this.use(this.vectors, expression.id, at, false);
        return;
      case "splatInt":
        this.int(expression.value, at);
        return;
      case "load":
      case "broadcast":
      case "gather":
        this.int(expression.address, at);
        return;
      default:
        for (const part of partsOf(expression)) this.vector(part, at);
    }
  }
}

/** The vector expressions that an expression is computed from. */
export function partsOf(expression: VectorExpression): readonly VectorExpression[] {
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

/**
 * A variable is needed from its first use to its last. What a loop uses and somebody outside of it too must stay
 * until the loop ends, since it may come around again. So must everything that is not certainly written
 * before it is read: in all the loops where it occurs.
 */
function rangeOf(id: number, uses: readonly Use[]): LiveRange {
  const [first] = uses;
  const isDefinedFirst = first.writes && uses.every(({ block }) => isInside(block, first.block));
  let start = first.at;
  let end = first.at;
  let weight = 0;
  for (const use of uses) {
    end = Math.max(end, use.at);
    weight += use.weight;
    for (let block: Block | undefined = use.block; block; block = block.parent) {
      if (!block.isLoop || (isDefinedFirst && isInside(first.block, block))) continue;
      start = Math.min(start, block.start);
      end = Math.max(end, block.end);
    }
  }
  return { id, start, end, weight };
}

function isInside(block: Block | undefined, other: Block): boolean {
  for (let around = block; around; around = around.parent) if (around === other) return true;
  return false;
}

export function liveRanges(statements: readonly Statement[], parameterCount: number): LiveRanges {
  const recorder = new Recorder();
  for (let id = 0; id < parameterCount; id++) recorder.use(recorder.ints, id, ENTRY, true);
  recorder.statements(statements);
  const ranges = (uses: Uses) => [...uses].map(([id, list]) => rangeOf(id, list));
  return {
    ints: ranges(recorder.ints),
    vectors: ranges(recorder.vectors),
    positions: recorder.positions,
  };
}
