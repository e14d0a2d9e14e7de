/**
 * @file From where to where in a kernel each variable holds a value that is still needed, and how often it is used.
 *
 * Statements are numbered in their order. A statement reads at an even position and writes at the odd one after it, so
 * that a result may take the register of an operand that is read for the last time.
 */
import type { IntExpression, KernelCode, Statement, VectorExpression } from "../ir.ts";

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
  /** The position at which each statement reads, statements in their order, each before those inside of it. */
  readonly positions: readonly number[];
}

/** Kernels' parameters are written before the first statement. */
export const ENTRY = -1;

/** Where a block ends that is not yet recorded. An integer as all positions are: engines keep those in less. */
const UNKNOWN = -1;

/** A list of statements that runs as a whole, or not at all. */
interface Block {
  readonly parent: Block | undefined;
  /** Whether it may come around again. */
  readonly isLoop: boolean;
  readonly start: number;
  /** Known once the block is recorded. */
  end: number;
}

/** All uses of one variable. */
interface Uses {
  readonly id: number;
  readonly first: number;
  readonly firstBlock: Block;
  readonly isFirstWritten: boolean;
  last: number;
  weight: number;
  /** Where the uses are: each block at least once. */
  readonly blocks: Block[];
}

/** The uses of variables by their ids. */
type UsesById = (Uses | undefined)[];

class Recorder {
  readonly ints: UsesById;
  readonly vectors: UsesById;
  readonly positions: number[] = [];
  private position = 0;
  private weight = 1;
  private block: Block = { parent: undefined, isLoop: false, start: ENTRY, end: UNKNOWN };

  constructor(kernel: KernelCode) {
    this.ints = new Array<Uses | undefined>(kernel.intVariableCount).fill(undefined);
    this.vectors = new Array<Uses | undefined>(kernel.vectorVariableCount).fill(undefined);
  }

  statements(list: readonly Statement[]): void {
    for (const statement of list) this.statement(statement);
  }

  use(uses: UsesById, id: number, at: number, writes: boolean): void {
    const { block, weight } = this;
    const known = uses[id];
    if (!known) {
      const blocks = [block];
      uses[id] = { id, first: at, firstBlock: block, isFirstWritten: writes, last: at, weight, blocks };
      return;
    }
    if (at > known.last) known.last = at;
    known.weight += weight;
    if (known.blocks[known.blocks.length - 1] !== block) known.blocks.push(block);
  }

  private statement(statement: Statement): void {
    const at = this.position;
    this.positions.push(at);
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
          for (const body of statement.bodies) this.round(body, statement.counter.id, statement.to);
          this.round(statement.afterRound, statement.counter.id, statement.to);
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
    const outer = this.block;
    const outerWeight = this.weight;
    const block = { parent: outer, isLoop, start: this.position, end: UNKNOWN };
    this.block = block;
    if (isLoop) this.weight = 10 * outerWeight;
    record();
    block.end = this.position;
    this.position += 2;
    this.block = outer;
    this.weight = outerWeight;
  }

  private int(expression: IntExpression, at: number): void {
    switch (expression.kind) {
      case "int":
        return;
      case "intVariable":
        this.use(this.ints, expression.id, at, false);
        return;
      case "loadInt":
        this.int(expression.address, at);
        return;
      case "intBinary":
        this.int(expression.a, at);
        this.int(expression.b, at);
        return;
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
      case "broadcastDouble":
      case "gather":
        this.int(expression.address, at);
        return;
      case "unary":
      case "shift":
      case "horizontal":
        this.vector(expression.a, at);
        return;
      case "binary":
      case "shuffle":
        this.vector(expression.a, at);
        this.vector(expression.b, at);
        return;
      case "multiplyAdd":
      case "multiplyAddPairs":
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

/**
 * A variable is needed from its first use to its last. What a loop uses and somebody outside of it too must stay
 * until the loop ends, since it may come around again. So must everything that is not certainly written
 * before it is read: in all the loops where it occurs.
 */
function rangeOf({ id, first, firstBlock, isFirstWritten, last, weight, blocks }: Uses): LiveRange {
  const isDefinedFirst = isFirstWritten && blocks.every((block) => isInside(block, firstBlock));
  let start = first;
  let end = last;
  for (const used of blocks) {
    for (let block: Block | undefined = used; block; block = block.parent) {
      // A block that the first use is in as well: so are all blocks around it.
      if (isDefinedFirst && isInside(firstBlock, block)) break;
      if (!block.isLoop) continue;
      start = Math.min(start, block.start);
      end = Math.max(end, block.end);
    }
  }
  return { id, start, end, weight };
}

function isInside(block: Block, other: Block): boolean {
  if (block === other) return true;
  for (let around = block.parent; around; around = around.parent) if (around === other) return true;
  return false;
}

export function liveRanges(kernel: KernelCode): LiveRanges {
  const recorder = new Recorder(kernel);
  for (let id = 0; id < kernel.parameterCount; id++) recorder.use(recorder.ints, id, ENTRY, true);
  recorder.statements(kernel.statements);
  return {
    ints: rangesOf(recorder.ints),
    vectors: rangesOf(recorder.vectors),
    positions: recorder.positions,
  };
}

function rangesOf(usesById: UsesById): LiveRange[] {
  const ranges: LiveRange[] = [];
  for (const uses of usesById) if (uses) ranges.push(rangeOf(uses));
  return ranges;
}
