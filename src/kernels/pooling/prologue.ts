/**
 * @file The prologue of pooling, which computes its input: a tensor, or elementwise arithmetic on tensors of the input's size,
 * vectors over the channels and numbers.
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntVariable, VectorExpression } from "../../machine/ir.ts";
import { emitExpressions } from "../expression.ts";
import type { Cell, WindowVector } from "./walk.ts";
import type { PoolingPrologue, PrologueOperand } from "../requests.ts";

/** A prologue's operands at the windows that are visited. */
export class PrologueReader {
  private readonly k: KernelBuilder;
  private readonly prologue: PoolingPrologue;
  private readonly pointers: readonly IntVariable[];

  /** @param pointers the operands' */
  constructor(k: KernelBuilder, prologue: PoolingPrologue, pointers: readonly IntVariable[]) {
    this.k = k;
    this.prologue = prologue;
    this.pointers = pointers;
  }

  /** The pointers of operands of one kind. */
  pointersOf(kind: PrologueOperand): IntVariable[] {
    return this.pointers.filter((_, i) => this.prologue.operands[i] === kind);
  }

  /** Reads the values that all cells of a window share; returns a function that computes the value of a cell. */
  at({ places, offset, count }: WindowVector): (cell: Cell) => VectorExpression {
    const { k, pointers } = this;
    const { expression, operands } = this.prologue;
    /** An operand's number among those of its kind. */
    const numberOf = (i: number) => operands.slice(0, i).filter((kind) => kind === operands[i]).length;
    const repeated = operands.map((kind, i) => {
      if (kind === "vector") return k.let(k.load(places.vectors[numberOf(i)], offset, count));
      return kind === "number" ? k.let(k.broadcast(pointers[i])) : undefined;
    });
    return (cell) => emitExpressions(k, [expression], (i) => repeated[i] ?? cell.load(numberOf(i)))[0];
  }
}
