/**
 * @file Index spaces whose axes are taken apart. An operand that repeats each row of a tensor walks an axis in two steps: the row,
 * and the number of the repetition. A kernel that has one among its operands gets two axes in place of one, and all other
 * operands walk them as they walked the one.
 */
import type { StridedOperand } from "../kernels/strided.ts";
import type { InnerAxes } from "./tensor.ts";

/** How an operand is found, with axes in two steps where it has them. */
export interface OperandPlace extends StridedOperand {
  readonly inner?: InnerAxes;
}

export interface RefinedSpace {
  readonly shape: readonly number[];
  readonly operands: readonly StridedOperand[];
  /** The axes that took the place of one of the space before. */
  axesOf(axis: number): number[];
}

/** The axes as far apart as the operands need them. On each axis one inner length of two divides the other. */
export function refineAxes(shape: readonly number[], operands: readonly OperandPlace[]): RefinedSpace {
  if (operands.every(({ inner }) => inner === undefined)) {
    return { shape, operands, axesOf: (axis) => [axis] };
  }
  const parts = shape.map((length, axis) =>
    partsOf(
      length,
      operands.map(({ inner }) => inner?.lengths[axis] ?? 1),
    ),
  );
  const firsts = parts.map((_, axis) => parts.slice(0, axis).flat().length);
  return {
    shape: parts.flatMap((list) => list.map(({ length }) => length)),
    operands: operands.map(({ source, offset, strides, inner }) => ({
      source,
      offset,
      strides: parts.flatMap((list, axis) => {
        const innerLength = inner?.lengths[axis] ?? 1;
        return list.map(({ step }) =>
          step < innerLength ? (inner?.strides[axis] ?? 0) * step : strides[axis] * (step / innerLength),
        );
      }),
    })),
    axesOf: (axis) => parts[axis].map((_, part) => firsts[axis] + part),
  };
}

/** A part of an axis: its length, and the positions of the whole axis that a step along it goes on by. */
interface Part {
  readonly length: number;
  readonly step: number;
}

function partsOf(length: number, innerLengths: readonly number[]): Part[] {
  const steps = [...new Set([1, ...innerLengths])].sort((a, b) => b - a);
  return steps.map((step, i) => ({ step, length: (i === 0 ? length : steps[i - 1]) / step }));
}

/** Whether one of two inner lengths divides the other, on every axis. */
export function canRefineTogether(one: InnerAxes, other: InnerAxes): boolean {
  return one.lengths.every((length, axis) => {
    const [small, large] = [length, other.lengths[axis]].sort((a, b) => a - b);
    return large % small === 0;
  });
}
