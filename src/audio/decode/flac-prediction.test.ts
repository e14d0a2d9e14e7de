import { describe, expect, it } from "vitest";
import { Generator } from "../../random/generator.ts";
import { addPrediction } from "./flac-prediction.ts";

/** floor(Σ factor · sample / 2^shift) in whole numbers of any size. */
function predicted(residual: ArrayLike<number>, factors: readonly number[], shift: number): number[] {
  const samples: bigint[] = [];
  for (let i = 0; i < residual.length; i++) {
    const sum = i < factors.length ? 0n : factors.reduce((s, f, j) => s + BigInt(f) * samples[i - 1 - j], 0n);
    samples.push(BigInt(residual[i]) + (sum >> BigInt(shift)));
  }
  return samples.map(Number);
}

describe("a prediction", () => {
  const orders = [0, 1, 2, 3, 4, 7, 8, 9, 11, 12, 13, 20, 32];

  it.each(orders)("of order %i is exact, in 32 bits and beyond", (order) => {
    const generator = new Generator(order);
    for (const [depth, largest] of [
      [12, 40],
      [24, 16_000],
      [33, 16_000],
    ]) {
      const factors = Array.from({ length: order }, (_, i) =>
        // The first alone keeps the sound within its depth.
        i === 0 ? largest : generator.integer(3) - 1,
      );
      const shift = Math.ceil(Math.log2(largest + order + 1));
      const peak = 2 ** (depth - 2);
      const residual = Array.from({ length: 100 }, (_, i) =>
        Math.round((i < order ? peak : 0.01 * peak) * (2 * generator.uniform() - 1)),
      );
      const samples = depth > 32 ? Float64Array.from(residual) : Int32Array.from(residual);
      addPrediction(samples, factors, shift, depth);
      expect(Array.from(samples, (value) => value + 0)).toEqual(predicted(residual, factors, shift));
    }
  });
});
