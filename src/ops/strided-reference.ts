import type { DoubleArray } from "../tensor/array.ts";
import type { InnerAxes } from "../graph/tensor.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";

/** The obvious loop of every operation that reads its input through strides (elements). */
export function readStrided(
  array: DoubleArray,
  shape: Shape,
  strides: readonly number[],
  offset: number,
  inner: InnerAxes = { lengths: strides.map(() => 1), strides: strides.map(() => 0) },
): Float64Array {
  const size = sizeOf(shape);
  const result = new Float64Array(size);
  const coordinates = new Array<number>(shape.length).fill(0);
  for (let i = 0; i < size; i++) {
    const position = coordinates.reduce((sum, coordinate, axis) => {
      const length = inner.lengths[axis];
      const outer = Math.floor(coordinate / length);
      return sum + outer * strides[axis] + (coordinate % length) * inner.strides[axis];
    }, offset);
    result[i] = array.data[position];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++coordinates[axis] < shape[axis]) break;
      coordinates[axis] = 0;
    }
  }
  return result;
}
