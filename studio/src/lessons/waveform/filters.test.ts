import { describe, expect, it } from "vitest";
import { compile, floatArray } from "auricle";
import { conv1d } from "auricle/ops";
import {
  aliasRejection,
  centreOf,
  foldedFrequency,
  gainAt,
  PRESETS,
  presetTaps,
  responseOf,
} from "./filters.ts";

const sampleRate = 16_000;

/** The effective size of a tone after the filter, by the engine, for one of size 1 before. */
function gainByEngine(taps: readonly number[], hertz: number): number {
  const length = 8000;
  const tone = Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / sampleRate));
  const run = compile(
    (x, w) => conv1d(x, w),
    [
      [1, length, 1],
      [taps.length, 1, 1],
    ],
    { threads: 1 },
  );
  const { data } = run(floatArray(tone, [1, length, 1]), floatArray(taps, [taps.length, 1, 1]));
  let power = 0;
  for (let i = 0; i < data.length; i++) power += data[i] ** 2;
  return Math.sqrt((2 * power) / data.length);
}

describe.each(PRESETS)("the filter %s", (name) => {
  it.each([2, 3, 16, 65])("of %i weights has the gain that its response says", (taps) => {
    const weights = presetTaps(name, { taps, hertz: 1000, sampleRate });
    expect(weights).toHaveLength(taps);
    const { frequencies, decibels } = responseOf(weights, sampleRate);
    for (const k of [16, 100, 200]) {
      const gain = gainByEngine(weights, frequencies[k]);
      expect(gainAt(weights, frequencies[k], sampleRate)).toBeCloseTo(gain, 3);
      expect(10 ** (decibels[k] / 20)).toBeCloseTo(Math.max(gain, 1e-3), 2);
    }
  });
});

it("smoothing keeps what is steady, the difference takes it away, a band keeps its middle", () => {
  const options = { taps: 64, hertz: 1500, sampleRate };
  expect(gainAt(presetTaps("smooth", options), 0, sampleRate)).toBeCloseTo(1, 6);
  expect(gainAt(presetTaps("difference", options), 0, sampleRate)).toBeCloseTo(0, 6);
  expect(gainAt(presetTaps("band", options), 1500, sampleRate)).toBeCloseTo(1, 6);
  expect(gainAt(presetTaps("band", options), 4000, sampleRate)).toBeLessThan(0.01);
  const { decibels } = responseOf(presetTaps("band", options), sampleRate, 513);
  expect(centreOf(decibels, sampleRate)).toBeCloseTo(1500, -2);
});

it("a comb takes away the frequencies that its two weights see in opposite phase", () => {
  const taps = presetTaps("comb", { taps: 17, hertz: 0, sampleRate });
  for (const odd of [1, 3, 5])
    expect(gainAt(taps, (odd * sampleRate) / 2 / 16, sampleRate)).toBeCloseTo(0, 6);
  for (const whole of [0, 1, 4])
    expect(gainAt(taps, (whole * sampleRate) / 16, sampleRate)).toBeCloseTo(1, 6);
});

it("folds frequencies as samples that are left out do", () => {
  for (const [hertz, rate] of [
    [3000, 4000],
    [2000, 4000],
    [5100, 4000],
    [900, 4000],
  ]) {
    const folded = foldedFrequency(hertz, rate);
    expect(folded).toBeLessThanOrEqual(rate / 2);
    // The same samples, but for a sign of the sine.
    for (let n = 0; n < 20; n++) {
      expect(Math.cos((2 * Math.PI * hertz * n) / rate)).toBeCloseTo(
        Math.cos((2 * Math.PI * folded * n) / rate),
        9,
      );
    }
  }
});

it("says how much quieter is what folds back", () => {
  const smooth = responseOf(presetTaps("smooth", { taps: 32, hertz: 0, sampleRate }), sampleRate);
  expect(aliasRejection(smooth, 4)).toBeGreaterThan(25);
  expect(aliasRejection(responseOf([1], sampleRate), 4)).toBeCloseTo(0, 6);
  expect(aliasRejection(responseOf([-0.5, 0.5], sampleRate), 4)).toBeLessThan(0);
});
