import { describe, expect, it } from "vitest";
import { amplitudeAt } from "../testing/measure.ts";
import { highPass, lowPass, resonantFilter } from "./filters.ts";

const RATE = 22_050;

function sineWave(frequency: number): Float32Array {
  return Float32Array.from({ length: RATE }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / RATE));
}

/** The gain of a filter for a sine of amplitude 1, once it has settled. */
function gain(frequency: number, filter: (signal: Float32Array) => void): number {
  const signal = sineWave(frequency);
  filter(signal);
  return amplitudeAt(signal, 0.6, frequency, RATE);
}

describe("one-pole filters", () => {
  it("halve the power at the corner and fall by 6 dB an octave, within 2 %", () => {
    const low = (frequency: number) => gain(frequency, (signal) => lowPass(signal, 100, RATE));
    expect(Math.abs(low(100) / Math.SQRT1_2 - 1)).toBeLessThan(0.02);
    // |H| = 1 / sqrt(1 + (f / corner)²)
    expect(Math.abs(low(400) * Math.sqrt(17) - 1)).toBeLessThan(0.02);
    // |H| = (f / corner) / sqrt(1 + (f / corner)²)
    const high = gain(50, (signal) => highPass(signal, 100, RATE));
    expect(Math.abs((high * Math.sqrt(1.25)) / 0.5 - 1)).toBeLessThan(0.02);
  });

  it("the high-pass takes a constant away", () => {
    const signal = new Float32Array(RATE).fill(0.5);
    highPass(signal, 20, RATE);
    expect(Math.abs(signal[RATE - 1])).toBeLessThan(1e-6);
  });
});

describe("resonantFilter", () => {
  // The bilinear transform, prewarped at the corner, keeps there the analogue filter's gain.
  it.each([
    ["lowPass", 3, 3],
    ["highPass", 3, 3],
    ["bandPass", 3, 1],
    ["lowPass", 0.7, 0.7],
  ] as const)("%s of quality %s has the gain %s at the corner", (response, q, expected) => {
    expect(gain(1500, (signal) => resonantFilter(signal, response, 1500, q, RATE))).toBeCloseTo(expected, 2);
  });

  it("lets through what it says", () => {
    expect(gain(60, (signal) => resonantFilter(signal, "lowPass", 1500, 0.7, RATE))).toBeCloseTo(1, 2);
    expect(gain(60, (signal) => resonantFilter(signal, "highPass", 1500, 0.7, RATE))).toBeLessThan(0.002);
    expect(gain(60, (signal) => resonantFilter(signal, "bandPass", 1500, 0.7, RATE))).toBeLessThan(0.07);
    expect(gain(9000, (signal) => resonantFilter(signal, "lowPass", 1500, 0.7, RATE))).toBeLessThan(0.03);
    expect(gain(9000, (signal) => resonantFilter(signal, "highPass", 1500, 0.7, RATE))).toBeCloseTo(1, 2);
  });
});
