import type { DoubleArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";

/** The obvious loop of every operation that reads its input through strides (elements). */
export function readStrided(
  array: DoubleArray,
  shape: Shape,
  strides: readonly number[],
  offset: number,
): Float64Array {
  const size = sizeOf(shape);
  const result = new Float64Array(size);
  const coordinates = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < size; i++) {
    const position = coordinates.reduce((sum, coordinate, axis) => sum + coordinate * strides[axis], offset);
    result[i] = array.data[position];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++coordinates[axis] < shape[axis]) break;
      coordinates[axis] = 0;
    }
  }
  return result;
}
