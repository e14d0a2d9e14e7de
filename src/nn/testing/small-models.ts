/** @file Models and examples for tests: small, seeded, learnable. */
import { Generator } from "../../random/generator.ts";
import { floatArray, intArray, type FloatArray, type IntArray } from "../../tensor/array.ts";
import { averagePooling2d, batchNormalization, conv2d, dense, dropout, flatten } from "../layers/index.ts";
import { sequential, type Model } from "../model.ts";
import type { EngineOptions } from "../training/engine-options.ts";

export interface Examples {
  readonly x: FloatArray;
  readonly y: IntArray;
}

/** 6×6 images of noise; class c of 3 has a bright row 2c. */
export function stripes(count: number, seed = 1): Examples {
  const generator = new Generator(seed);
  const labels = Int32Array.from({ length: count }, (_, n) => n % 3);
  const images = Float32Array.from({ length: count * 36 }, (_, i) => {
    const row = Math.floor(i / 6) % 6;
    return 0.3 * generator.normal() + (row === 2 * labels[Math.floor(i / 36)] ? 1 : 0);
  });
  return { x: floatArray(images, [count, 6, 6, 1]), y: intArray(labels, [count]) };
}

/** A classifier of {@link stripes} with everything that makes a training hard to repeat: dropout, running statistics. */
export function smallClassifier(engine: EngineOptions = { threads: 1 }, seed = 0): Model {
  return sequential(
    [
      conv2d({ filters: 4, kernelSize: 3, padding: "same", inputShape: [6, 6, 1] }),
      batchNormalization(),
      averagePooling2d({ poolSize: 2 }),
      flatten(),
      dropout({ rate: 0.25 }),
      dense({ units: 3 }),
    ],
    { seed, name: "small", ...engine },
  );
}

/** y = 2a - b + 0.5 for inputs (a, b), one output. */
export function line(count: number): { readonly x: FloatArray; readonly y: FloatArray } {
  const generator = new Generator(5);
  const inputs = Float32Array.from({ length: 2 * count }, () => generator.normal());
  const targets = Float32Array.from({ length: count }, (_, n) => 2 * inputs[2 * n] - inputs[2 * n + 1] + 0.5);
  return { x: floatArray(inputs, [count, 2]), y: floatArray(targets, [count]) };
}

export function linearModel(): Model {
  return sequential([dense({ units: 1, inputShape: [2] })], { threads: 1, name: "linear" });
}
