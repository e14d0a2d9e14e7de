/** @file Walking several strided buffers in step: the loop nests that elementwise and reduction kernels share. */
import type { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, IntVariable, VectorExpression } from "../machine/ir.ts";
import { FLOAT_BYTES } from "./kernel.ts";

/**
 * How one operand is found for each point of an index space. `index` is no memory at all: its value is the int32
 * offset + Σ coordinate·stride, which gives coordinates and the counters of random numbers.
 */
export interface StridedOperand {
  readonly source: "memory" | "index";
  /** In elements, one for each axis of the index space; 0 repeats the element along that axis. */
  readonly strides: readonly number[];
  /** In elements. */
  readonly offset: number;
}

/** An index space with as few axes as its operands allow; the last axis is the one that vectors run along. */
export interface CollapsedSpace {
  readonly shape: readonly number[];
  /** strides[i] are operand i's, for the collapsed axes. */
  readonly strides: readonly (readonly number[])[];
  /** Which label the axes of the original space had: axes with different labels are never merged. */
  readonly labels: readonly boolean[];
}

/** Drops axes of length 1 and merges neighbours that all operands walk as one. */
export function collapse(
  shape: readonly number[],
  operands: readonly { strides: readonly number[] }[],
  labels: readonly boolean[] = shape.map(() => false),
): CollapsedSpace {
  const kept: { length: number; label: boolean; strides: number[] }[] = [];
  shape.forEach((length, axis) => {
    if (length === 1) return;
    const strides = operands.map((operand) => operand.strides[axis]);
    const outer = kept.at(-1);
    const merges =
      outer !== undefined &&
      outer.label === labels[axis] &&
      strides.every((stride, i) => outer.strides[i] === stride * length);
    if (merges) {
      outer.length *= length;
      outer.strides = strides;
    } else {
      kept.push({ length, label: labels[axis], strides });
    }
  });
  return {
    shape: kept.map((axis) => axis.length),
    strides: operands.map((_, i) => kept.map((axis) => axis.strides[i])),
    labels: kept.map((axis) => axis.label),
  };
}

/** A place along the inner axis: `elements` known now plus `bytes` known at run time. */
export interface Position {
  readonly elements: number;
  readonly bytes: IntExpression | undefined;
}

/** One operand's current place in a loop nest: a byte address, or an element number for an index. */
export class Cursor {
  private readonly k: KernelBuilder;
  private readonly operand: StridedOperand;
  private readonly strides: readonly number[];
  readonly base: IntExpression;
  /** The lanes, if they are the same all along the inner axis and have been read already. */
  private readonly lanes: VectorExpression | undefined;

  constructor(
    k: KernelBuilder,
    operand: StridedOperand,
    strides: readonly number[],
    base: IntExpression,
    lanes?: VectorExpression,
  ) {
    this.k = k;
    this.operand = operand;
    this.strides = strides;
    this.base = base;
    this.lanes = lanes;
  }

  static start(
    k: KernelBuilder,
    operand: StridedOperand,
    strides: readonly number[],
    pointer: IntVariable | undefined,
  ): Cursor {
    const base = pointer ? k.add(pointer, operand.offset * FLOAT_BYTES) : k.int(operand.offset);
    return new Cursor(k, operand, strides, base);
  }

  private scale(axis: number): number {
    return this.strides[axis] * (this.operand.source === "memory" ? FLOAT_BYTES : 1);
  }

  /** This cursor moved by `coordinate` steps along `axis`. */
  moved(axis: number, coordinate: IntExpression): Cursor {
    if (this.strides[axis] === 0) return this;
    const distance = this.k.multiply(coordinate, this.scale(axis));
    return new Cursor(
      this.k,
      this.operand,
      this.strides,
      this.k.intVariable(this.k.add(this.base, distance)),
    );
  }

  /** Reads now, before a loop over the inner axis, what does not change along it. */
  hoisted(): Cursor {
    const constantInside = (this.strides.at(-1) ?? 0) === 0;
    if (!constantInside || this.lanes) return this;
    const value = this.operand.source === "memory" ? this.k.broadcast(this.base) : this.k.splatInt(this.base);
    return new Cursor(this.k, this.operand, this.strides, this.base, this.k.vectorVariable(value));
  }

  /** The lanes at a position of the inner axis. */
  vector(position: Position, count: number): VectorExpression {
    if (this.lanes) return this.lanes;
    const { k } = this;
    const stride = this.strides.at(-1) ?? 0;
    if (this.operand.source === "index") {
      const lane = k.let(k.laneIndex());
      const step = stride === 1 ? lane : k.binary("intMultiply", lane, k.intConstant(stride));
      const dynamic = position.bytes ? k.multiply(k.divide(position.bytes, FLOAT_BYTES), stride) : 0;
      const first = k.add(k.add(this.base, dynamic), position.elements * stride);
      return k.binary("intAdd", k.splatInt(first), step);
    }
    const address = position.bytes ? k.add(this.base, k.multiply(position.bytes, stride)) : this.base;
    const offset = position.elements * stride * FLOAT_BYTES;
    if (stride === 1) return k.load(address, offset, count);
    return k.gather(address, offset, stride * FLOAT_BYTES, count);
  }

  /** Where a contiguous output's lanes at a position go. */
  address(position: Position): { address: IntExpression; offset: number } {
    return {
      address: position.bytes ? this.k.add(this.base, position.bytes) : this.base,
      offset: position.elements * FLOAT_BYTES,
    };
  }
}

/** Longest inner axis, in vectors, that is written out without a loop. */
const UNROLLED_VECTORS = 8;

/** Visits the inner axis vector by vector, then the rest with fewer lanes. */
export function vectorLoop(
  k: KernelBuilder,
  length: number,
  visit: (position: Position, count: number) => void,
): void {
  const { lanes } = k.machine;
  const full = Math.floor(length / lanes);
  if (full <= UNROLLED_VECTORS) {
    for (let i = 0; i < full; i++) visit({ elements: i * lanes, bytes: undefined }, lanes);
  } else {
    const vectorBytes = lanes * FLOAT_BYTES;
    k.loop(0, full * vectorBytes, vectorBytes, (bytes) => visit({ elements: 0, bytes }, lanes));
  }
  const rest = length % lanes;
  if (rest > 0) visit({ elements: full * lanes, bytes: undefined }, rest);
}

/** Loops over `axes` (outermost first), moving every cursor along; the body gets the cursors in place. */
export function nest(
  k: KernelBuilder,
  shape: readonly number[],
  axes: readonly number[],
  cursors: readonly Cursor[],
  body: (cursors: readonly Cursor[]) => void,
): void {
  const [axis, ...inner] = axes;
  if (axis === undefined) {
    body(cursors);
    return;
  }
  k.loop(0, shape[axis], 1, (coordinate) => {
    nest(
      k,
      shape,
      inner,
      cursors.map((cursor) => cursor.moved(axis, coordinate)),
      body,
    );
  });
}

/** Moves cursors to the point that `unit`, a row-major number over `axes`, stands for. */
export function seek(
  k: KernelBuilder,
  shape: readonly number[],
  axes: readonly number[],
  unit: IntExpression,
  cursors: readonly Cursor[],
): readonly Cursor[] {
  let moved = cursors;
  let rest = unit;
  for (let i = axes.length - 1; i >= 0; i--) {
    const axis = axes[i];
    const coordinate = i === 0 ? rest : k.intVariable(k.remainder(rest, shape[axis]));
    moved = moved.map((cursor) => cursor.moved(axis, coordinate));
    if (i > 0) rest = k.intVariable(k.divide(rest, shape[axis]));
  }
  return moved;
}
