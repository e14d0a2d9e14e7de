import { AuricleError } from "../errors.ts";
import { shownValue } from "../shown-value.ts";

/** Lengths of a tensor's axes, outermost first; `[]` is a scalar. Data is row-major ("C order"). */
export type Shape = readonly number[];

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}

/** Row-major strides in elements: how far apart neighbours along each axis are. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(",")}]`;
}

/**
 * The shape that two shapes broadcast to, by NumPy's rule: align at the last axis; lengths must be equal or 1.
 * @throws AuricleError "shape" naming `where` and both shapes.
 */
export function broadcastShapes(a: Shape, b: Shape, where: string): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const lengthA = a[axis - rank + a.length] ?? 1;
    const lengthB = b[axis - rank + b.length] ?? 1;
    if (lengthA !== lengthB && lengthA !== 1 && lengthB !== 1) {
      throw new AuricleError(
        "shape",
        `${where}: shapes must be equal or 1 on each axis, counted from the last; got ${formatShape(a)} and ${formatShape(b)}`,
      );
    }
    return lengthA === 1 ? lengthB : lengthA;
  });
}

/** Turns a possibly negative axis into 0 … rank-1. @throws AuricleError "argument" when out of range. */
export function normalizeAxis(axis: number, rank: number, where: string): number {
  const normalized = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || normalized < 0 || normalized >= rank) {
    throw new AuricleError(
      "argument",
      `${where}: axis must be in -${rank} … ${rank - 1}; got ${shownValue(axis)}`,
    );
  }
  return normalized;
}
