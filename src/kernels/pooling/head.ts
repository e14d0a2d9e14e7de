/**
 * @file What pooling reads for its input: a tensor, or elementwise arithmetic on tensors of the input's size, vectors over the
 * channels and numbers.
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntVariable, VectorExpression } from "../../machine/ir.ts";
import { emitExpressions, expressionsKey, type Expression } from "../expression.ts";
import type { Cell, WindowVector } from "./walk.ts";

export interface PoolingHead {
  readonly expression: Expression;
  /** Each operand has a pointer of its own. */
  readonly operands: readonly HeadOperand[];
}

export type HeadOperand = "tensor" | "vector" | "number";

export function poolingHeadKey({ expression, operands }: PoolingHead): string {
  return `${expressionsKey([expression])} of ${operands.join(" ")}`;
}

/** A head's operands at the windows that are visited. */
export class HeadReader {
  private readonly k: KernelBuilder;
  private readonly head: PoolingHead;
  private readonly pointers: readonly IntVariable[];

  /** @param pointers the operands' */
  constructor(k: KernelBuilder, head: PoolingHead, pointers: readonly IntVariable[]) {
    this.k = k;
    this.head = head;
    this.pointers = pointers;
  }

  /** The pointers of operands of one kind. */
  pointersOf(kind: HeadOperand): IntVariable[] {
    return this.pointers.filter((_, i) => this.head.operands[i] === kind);
  }

  /** Reads what is the same for all cells of a window; what is returned computes the value of a cell. */
  at({ places, offset, count }: WindowVector): (cell: Cell) => VectorExpression {
    const { k, pointers } = this;
    const { expression, operands } = this.head;
    /** An operand's number among those of its kind. */
    const numberOf = (i: number) => operands.slice(0, i).filter((kind) => kind === operands[i]).length;
    const repeated = operands.map((kind, i) => {
      if (kind === "vector") return k.let(k.load(places.vectors[numberOf(i)], offset, count));
      return kind === "number" ? k.let(k.broadcast(pointers[i])) : undefined;
    });
    return (cell) => emitExpressions(k, [expression], (i) => repeated[i] ?? cell.load(numberOf(i)))[0];
  }
}
