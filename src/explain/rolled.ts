/** @file Inputs shifted along their axes, ends joined. Browser-safe. */
import type { FloatArray } from "../tensor/array.ts";

/** A copy of `[N, …, C]` in which the value of position p is at p + shift, for each axis between the first and the last. */
export function rolled({ shape, data }: FloatArray, shifts: readonly number[]): Float32Array {
  const [count, ...rest] = shape;
  const axes = rest.slice(0, -1);
  let from = data.slice();
  let inner = data.length / count;
  let outer = count;
  axes.forEach((length, axis) => {
    inner /= length;
    const to = new Float32Array(from.length);
    for (let block = 0; block < outer; block++) {
      for (let i = 0; i < length; i++) {
        const target = (((i + shifts[axis]) % length) + length) % length;
        const source = (block * length + i) * inner;
        to.set(from.subarray(source, source + inner), (block * length + target) * inner);
      }
    }
    from = to;
    outer *= length;
  });
  return from;
}
