/** @file Numbers for tests: seeded, of a kind that suits the operation. */
import type { InputValues } from "../graph/case.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import type { NumericArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";

export function testValues(kind: InputValues, shape: Shape, seed: number): NumericArray {
  const generator = new Generator(deriveKey(seed, kind));
  const size = sizeOf(shape);
  switch (kind) {
    case "normal":
      return { shape, data: Float32Array.from({ length: size }, () => generator.normal()) };
    case "positive":
      return { shape, data: Float32Array.from({ length: size }, () => 0.25 + 2 * generator.uniform()) };
    case "labels":
      return { shape, data: Float32Array.from({ length: size }, () => generator.integer(3)) };
    case "indices":
      return { shape, data: Int32Array.from({ length: size }, () => generator.integer(5)) };
    case "bits":
      return { shape, data: Int32Array.from({ length: size }, () => generator.uint32() | 0) };
    case "mask":
      return { shape, data: Float32Array.from({ length: size }, () => generator.integer(2)) };
    case "separated": {
      // Multiples of 0.1 in random order, never 0: no two closer than a finite difference.
      const steps = Float32Array.from({ length: size }, (_, i) => (i - Math.floor(size / 2) + 0.5) * 0.1);
      return { shape, data: generator.shuffle(steps) };
    }
  }
}
