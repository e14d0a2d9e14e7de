import { describe, expect, it } from "vitest";
import { frontEndConfig, type FrontEndOptions } from "../../../../audio/front-end/config.ts";
import { Generator } from "../../../../random/generator.ts";
import { applyGain, gainLaw } from "./gain.ts";

/** A window after a gain of exactly so many dB. */
function after(
  decibels: number,
  options: FrontEndOptions,
  window: readonly number[],
  shape: readonly [number, number, number],
): number[] {
  const values = Float32Array.from(window);
  applyGain(values, shape, [decibels, decibels], gainLaw(frontEndConfig(options)), new Generator(1));
  return [...values];
}

// 20 dB is a factor of 10 for the amplitude and of 100 for the power.
describe("a gain of 20 dB", () => {
  it.each<[string, FrontEndOptions, number]>([
    ["a waveform", { kind: "waveform" }, 10],
    ["a complex spectrogram", { kind: "complexSpectrogram" }, 10],
    ["magnitudes", { kind: "spectrogram", power: 1 }, 10],
    ["powers", { kind: "spectrogram", power: 2 }, 100],
    ["mel powers", { kind: "melSpectrogram" }, 100],
    ["a constant-Q transform", { kind: "constantQ" }, 10],
    ["cepstra of plain powers", { kind: "mfcc", scale: { kind: "linear" } }, 100],
  ])("multiplies %s", (_, options, factor) => {
    expect(after(20, options, [0.5, -2], [1, 2, 1])).toEqual([0.5 * factor, -2 * factor]);
  });

  it("adds 20 to decibels, of powers as of magnitudes, and nothing to their derivatives", () => {
    const scale = { kind: "decibels" } as const;
    const mel: FrontEndOptions = { kind: "melSpectrogram", scale, deltas: { order: 1 } };
    expect(after(20, mel, [-30, 1, -40, 2], [1, 2, 2])).toEqual([-10, 1, -20, 2]);
    expect(after(20, { kind: "spectrogram", power: 1, scale }, [-30, -40], [1, 2, 1])).toEqual([-10, -20]);
  });

  it("does nothing to decibels below the loudest", () => {
    const scale = { kind: "decibels", reference: "max" } as const;
    expect(after(20, { kind: "melSpectrogram", scale }, [-30, 0], [1, 2, 1])).toEqual([-30, 0]);
  });

  it("is exact for the logarithms with an offset", () => {
    // Powers 0, 0.02 and 3 become 100 times as much.
    const powers = [0, 0.02, 3];
    const natural = { kind: "naturalLog", offset: 0.01 } as const;
    const logs = after(
      20,
      { kind: "melSpectrogram", scale: natural },
      powers.map((power) => Math.log(power + 0.01)),
      [1, 3, 1],
    );
    logs.forEach((log, i) => expect(log).toBeCloseTo(Math.log(100 * powers[i] + 0.01), 4));
    const decadic = { kind: "log10", factor: 10 } as const;
    const others = after(
      20,
      { kind: "melSpectrogram", scale: decadic },
      powers.map((power) => Math.log10(1 + 10 * power)),
      [1, 3, 1],
    );
    others.forEach((log, i) => expect(log).toBeCloseTo(Math.log10(1 + 1000 * powers[i]), 5));
  });

  it("adds to the first cepstral coefficient alone", () => {
    // Orthogonal DCT-II of the constant 20 over 64 bands: 20 · √64 = 160. Unscaled: 2 · 64 · 20 = 2560.
    const window = [1, 2, 3, 4];
    const common = { kind: "mfcc", melBands: 64, coefficients: 2 } as const;
    expect(after(20, common, window, [2, 2, 1])).toEqual([161, 2, 163, 4]);
    expect(after(20, { ...common, dctNorm: "none" }, window, [2, 2, 1])).toEqual([2561, 2, 2563, 4]);
    // Lifter 2 multiplies coefficient 0 by 1 + 1 · sin(π / 2) = 2.
    expect(after(20, { ...common, lifter: 2 }, window, [2, 2, 1])).toEqual([321, 2, 323, 4]);
    // A factor of 100 adds 2 ln 10 = 4.60517 to natural logarithms: times 8, 36.84136.
    const scale = { kind: "naturalLog" } as const;
    expect(after(20, { ...common, scale }, window, [2, 2, 1])[0]).toBeCloseTo(37.84136, 4);
  });
});

it("gains are uniform in dB", () => {
  const gains = Array.from({ length: 2000 }, (_, key) => {
    const window = Float32Array.from([0]);
    const law = gainLaw(frontEndConfig({ kind: "melSpectrogram", scale: { kind: "decibels" } }));
    applyGain(window, [1, 1, 1], [-6, 2], law, new Generator(key * 31));
    return window[0];
  });
  expect(Math.min(...gains)).toBeGreaterThanOrEqual(-6);
  expect(Math.max(...gains)).toBeLessThanOrEqual(2);
  // 500 in each quarter, standard deviation 19.
  for (const low of [-6, -4, -2, 0]) {
    const count = gains.filter((gain) => gain >= low && gain < low + 2).length;
    expect(Math.abs(count - 500)).toBeLessThan(80);
  }
});
