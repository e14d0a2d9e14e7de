/**
 * @file Long reductions are done in stages: parts of a reduced axis first, then the parts. It shares the work
 * among threads where few elements are kept, and rounds less than one long chain of additions. Stages depend on shapes
 * alone, so the bits do not depend on the number of threads.
 */
import type { StridedOperand } from "./strided.ts";
import type { ReduceRequest } from "./requests.ts";

/** Reductions of more elements than this are split. */
const LONG = 4096;
/** Most parts of one stage. */
const MOST_PARTS = 64;

/** The requests to run one after the other; each reads the contiguous results of the one before. */
export function reductionStages(request: ReduceRequest): readonly ReduceRequest[] {
  const { shape, axes } = request;
  const count = axes.reduce((product, axis) => product * shape[axis], 1);
  const axis = axes.find((candidate) => divisorUpTo(shape[candidate], MOST_PARTS) > 1);
  if (count <= LONG || axis === undefined) return [request];
  const outer = divisorUpTo(shape[axis], MOST_PARTS);
  const inner = shape[axis] / outer;
  const splitAxis = <T>(list: readonly T[], a: T, b: T): T[] => [
    ...list.slice(0, axis),
    a,
    b,
    ...list.slice(axis + 1),
  ];
  const splitOperand = (operand: StridedOperand): StridedOperand => {
    const stride = operand.strides[axis];
    return { ...operand, strides: splitAxis(operand.strides, stride * inner, stride) };
  };
  const parts: ReduceRequest = {
    ...request,
    shape: splitAxis(shape, outer, inner),
    axes: axes.map((reduced) => (reduced >= axis ? reduced + 1 : reduced)),
    operands: request.operands.map(splitOperand),
  };
  const keptBefore = parts.shape.filter((_, i) => !parts.axes.includes(i));
  const outerAxis = parts.shape.slice(0, axis).filter((_, i) => !parts.axes.includes(i)).length;
  const combined: ReduceRequest = {
    shape: keptBefore,
    axes: [outerAxis],
    combine: request.combine,
    operands: request.expressions.map(() => ({
      source: "memory",
      strides: contiguousStrides(keptBefore),
      offset: 0,
    })),
    expressions: request.expressions.map((_, index) => ({ kind: "operand", index })),
  };
  return [...reductionStages(parts), ...reductionStages(combined)];
}

function contiguousStrides(shape: readonly number[]): number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
}

function divisorUpTo(length: number, bound: number): number {
  for (let divisor = Math.min(bound, length); divisor > 1; divisor--)
    if (length % divisor === 0) return divisor;
  return 1;
}
