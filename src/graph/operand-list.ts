import { sameShape } from "../tensor/shape.ts";
import type { Buffer } from "./buffer.ts";
import type { GraphNode } from "./graph-node.ts";
import type { OperandPlace } from "./refine-axes.ts";

/** The operands of one fused expression, each buffer and stride pattern once. */
export class OperandList {
  readonly places: OperandPlace[] = [];
  readonly buffers: (Buffer | undefined)[] = [];
  /** Tensors in memory that the expression does not read but compute again. */
  readonly recomputed: ReadonlySet<GraphNode>;

  constructor(recomputed: ReadonlySet<GraphNode> = new Set()) {
    this.recomputed = recomputed;
  }

  add(buffer: Buffer | undefined, place: OperandPlace): number {
    const known = this.places.findIndex((other, i) => this.buffers[i] === buffer && samePlace(other, place));
    if (known >= 0) return known;
    this.buffers.push(buffer);
    return this.places.push(place) - 1;
  }

  memory(): Buffer[] {
    return this.buffers.filter((buffer) => buffer !== undefined);
  }
}

function samePlace(one: OperandPlace, other: OperandPlace): boolean {
  return (
    one.source === other.source &&
    one.offset === other.offset &&
    sameShape(one.strides, other.strides) &&
    sameShape(one.inner?.lengths ?? [], other.inner?.lengths ?? []) &&
    sameShape(one.inner?.strides ?? [], other.inner?.strides ?? [])
  );
}
