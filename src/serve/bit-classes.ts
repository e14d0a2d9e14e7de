/**
 * @file Which sizes of a batch give the same bits. A program chooses its algorithms by the shapes that it computes, so a network
 * may round one picture by itself otherwise than the same picture among thirty-two. Requests share a batch only where they
 * do not notice. Browser-safe.
 */

import { deriveKey, Generator } from "../random/generator.ts";
import type { FloatArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";

/** The most windows that go through a network at once, as everywhere in predictions. */
export const MOST_AT_ONCE = 32;

/** The power of two of the program that computes so many. */
export function sizePower(count: number): number {
  return Math.ceil(Math.log2(count));
}

/**
 * Tries out which programs round alike: neighbours in size compute the same random examples.
 * @param predict the outputs `[n, …]` for `[n, …]`, by the program of the next power of two
 * @param shape that of one example
 * @returns a number for each power of two up to `MOST_AT_ONCE`; equal numbers, equal bits
 */
export async function findBitClasses(
  predict: (x: FloatArray) => Promise<FloatArray>,
  shape: Shape,
): Promise<number[]> {
  const size = sizeOf(shape);
  const random = new Generator(deriveKey("bit classes"));
  const data = Float32Array.from({ length: MOST_AT_ONCE * size }, () => random.uniform() * 2 - 1);
  const outputsBy = async (batch: number, count: number): Promise<Float32Array> => {
    const parts: Float32Array[] = [];
    for (let at = 0; at < count; at += batch) {
      const part = data.slice(at * size, (at + batch) * size);
      parts.push((await predict({ shape: [batch, ...shape], data: part })).data.slice());
    }
    return joined(parts);
  };
  const classes = [0];
  for (let batch = 2; batch <= MOST_AT_ONCE; batch *= 2) {
    const alike = sameBits(await outputsBy(batch, batch), await outputsBy(batch / 2, batch));
    const last = classes[classes.length - 1];
    classes.push(alike ? last : last + 1);
  }
  return classes;
}

/** The sizes of batches of each class. */
export function sizesByClass(classes: readonly number[]): number[][] {
  return [...new Set(classes)].map((one) =>
    classes.flatMap((other, power) => (other === one ? [2 ** power] : [])),
  );
}

function sameBits(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
