import { expect, it } from "vitest";
import { Generator } from "auricle";
import { convolve, outputCount, type ChainOptions } from "./convolve.ts";

const generator = new Generator(4);
const samples = Float32Array.from({ length: 20_011 }, () => generator.normal());

/** The definition, in loops. */
function referenceAt(
  index: number,
  taps: Float32Array,
  { stride, relu, pool, pooling }: ChainOptions,
): number {
  const window = Array.from({ length: pool }, (_, q) => {
    const start = (index * pool + q) * stride;
    const sum = taps.reduce((total, tap, k) => total + tap * samples[start + k], 0);
    return relu ? Math.max(0, sum) : sum;
  });
  return pooling === "max" ? Math.max(...window) : window.reduce((a, b) => a + b, 0) / pool;
}

it.each<ChainOptions & { taps: number }>([
  { taps: 3, stride: 1, relu: false, pool: 1, pooling: "max" },
  { taps: 64, stride: 4, relu: true, pool: 1, pooling: "max" },
  { taps: 9, stride: 1, relu: true, pool: 8, pooling: "mean" },
  { taps: 2, stride: 3, relu: false, pool: 5, pooling: "max" },
])("computes what the definition says, block after block: %o", ({ taps: count, ...options }) => {
  const taps = Float32Array.from({ length: count }, () => generator.normal());
  const outputs = convolve([samples], [taps], options);
  expect(outputs).toHaveLength(
    Math.floor((Math.floor((20_011 - count) / options.stride) + 1) / options.pool),
  );
  for (const index of [0, 1, 555, Math.min(4096, outputs.length - 2), outputs.length - 1]) {
    expect(outputs[index]).toBeCloseTo(referenceAt(index, taps, options), 4);
  }
});

it("has no output where the filter is longer than the sound", () => {
  const options = { stride: 2, relu: false, pool: 4, pooling: "max" } as const;
  expect(outputCount(5, 9, options)).toBe(0);
  expect(convolve([samples.subarray(0, 5)], [new Float32Array(9)], options)).toHaveLength(0);
});

it("adds up the products of all channels, each with weights of its own", () => {
  const options = { stride: 3, relu: false, pool: 1, pooling: "max" } as const;
  const [left, right] = [samples, samples.toReversed()];
  const [a, b] = [0, 1].map(() => Float32Array.from({ length: 7 }, () => generator.normal()));
  const outputs = convolve([left, right], [a, b], options);
  for (const index of [0, 1, 4096, outputs.length - 1]) {
    const wanted = [...a.keys()].reduce(
      (sum, k) => sum + a[k] * left[3 * index + k] + b[k] * right[3 * index + k],
      0,
    );
    expect(outputs[index]).toBeCloseTo(wanted, 4);
  }
});
