/** @file Noise through filters. */
import { expect, it } from "vitest";
import { conv1d, conv2d, dense, flatten, sequential } from "../../nn/index.ts";
import { filterSound, firstFilters } from "../index.ts";

const RATE = 8000;

/** The power of a sound near a frequency, by the definition of the Fourier transform. */
function power(sound: Float32Array, hertz: number): number {
  let [real, imaginary] = [0, 0];
  sound.forEach((value, n) => {
    real += value * Math.cos((2 * Math.PI * hertz * n) / RATE);
    imaginary += value * Math.sin((2 * Math.PI * hertz * n) / RATE);
  });
  return real * real + imaginary * imaginary;
}

it("a filter of a tone sounds of that tone", () => {
  const taps = Array.from({ length: 256 }, (_, n) => Math.sin((2 * Math.PI * 1000 * n) / RATE));
  const sound = filterSound(taps, { sampleRate: RATE, seconds: 1 });
  expect(sound).toHaveLength(RATE);
  const near = [990, 995, 1000, 1005, 1010].reduce((sum, hertz) => sum + power(sound, hertz), 0);
  const far = [300, 600, 2000, 3000, 3900].reduce((sum, hertz) => sum + power(sound, hertz), 0);
  expect(near).toBeGreaterThan(1000 * far);
});

it("all filters are about as loud, without clicks at the ends, and one of zeros is silent", () => {
  for (const gain of [0.001, 1, 500]) {
    const sound = filterSound([gain, -gain], { sampleRate: RATE });
    const level = Math.sqrt(sound.reduce((sum, value) => sum + value * value, 0) / sound.length);
    expect(level).toBeGreaterThan(0.09);
    expect(level).toBeLessThan(0.11);
    expect(Math.abs(sound[0])).toBeLessThan(0.01);
  }
  expect(filterSound([0, 0], { sampleRate: RATE }).every((value) => value === 0)).toBe(true);
});

it("is the seed's, and refuses a sound of no samples", () => {
  const sound = (seed: number) => filterSound([1, 2], { sampleRate: RATE, seconds: 0.01, seed });
  expect(sound(1)).toEqual(sound(1));
  expect(sound(1)).not.toEqual(sound(2));
  expect(() => filterSound([], { sampleRate: RATE })).toThrow("needs taps");
  expect(() => filterSound([1], { sampleRate: 0 })).toThrow("at least one sample");
});

it("the first filters are those of the first convolution", () => {
  const net = sequential(
    [
      conv1d({ name: "ears", filters: 3, kernelSize: 5, inputShape: [20, 1] }),
      conv1d({ filters: 2, kernelSize: 2 }),
    ],
    { threads: 1 },
  );
  const found = firstFilters(net);
  expect(found?.layer).toBe("ears");
  expect(found?.kernel.shape).toEqual([5, 1, 3]);
  expect(found?.kernel.data).toEqual(net.getWeights().get("ears/kernel")?.data);
  const flat = sequential([flatten({ inputShape: [4, 4, 1] }), dense({ units: 2 })], { threads: 1 });
  expect(firstFilters(flat)).toBeUndefined();
  const image = sequential([conv2d({ filters: 2, kernelSize: 3, inputShape: [8, 8, 3] })], { threads: 1 });
  expect(firstFilters(image)?.kernel.shape).toEqual([3, 3, 3, 2]);
});
