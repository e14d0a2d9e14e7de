import type { Generator } from "../../random/generator.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { StridedOperand } from "../strided.ts";

export function operand(strides: readonly number[], offset = 0): StridedOperand {
  return { source: "memory", strides, offset };
}

/** Where an operand lies for each point of the index space, in row-major order. */
export function positions(shape: readonly number[], { strides, offset }: StridedOperand): number[] {
  return Array.from({ length: sizeOf(shape) }, (_, point) => {
    let rest = point;
    let position = offset;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      position += (rest % shape[axis]) * strides[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return position;
  });
}

/** Words of the smallest buffer that holds all that an operand reads or writes. */
export function bufferWords(shape: readonly number[], place: StridedOperand): number {
  return positions(shape, place).reduce((most, position) => Math.max(most, position + 1), 0);
}

/** Axes in random order, with gaps, some repeated, some backwards; now and then an index. */
export function randomOperand(g: Generator, shape: readonly number[]): StridedOperand {
  const strides = new Array<number>(shape.length).fill(0);
  let stride = 1;
  let offset = g.integer(5);
  for (const axis of g.shuffle(shape.map((_, i) => i))) {
    if (g.integer(4) === 0) continue;
    stride *= 1 + (g.integer(4) === 0 ? g.integer(3) : 0);
    const isBackwards = g.integer(5) === 0;
    strides[axis] = isBackwards ? -stride : stride;
    if (isBackwards) offset += stride * (shape[axis] - 1);
    stride *= shape[axis];
  }
  return { source: g.integer(6) === 0 ? "index" : "memory", strides, offset };
}
