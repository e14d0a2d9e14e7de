import { describe, expect, it } from "vitest";
import { music } from "../testing/music.ts";
import { LOW_RATE, LowRateConverter } from "./low-rate.ts";

function convert(samples: Float32Array, sampleRate: number, piece = Infinity): Float32Array {
  const converter = new LowRateConverter(sampleRate);
  const parts: number[] = [];
  for (let at = 0; at < samples.length; at += piece) {
    parts.push(...converter.push(samples.subarray(at, at + piece)));
  }
  parts.push(...converter.finish());
  return Float32Array.from(parts);
}

function tone(frequency: number, sampleRate: number, length: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * frequency * i) / sampleRate));
}

/** The largest difference but for the edges, where the tone begins and ends all of a sudden. */
function largestDifference(a: Float32Array, b: Float32Array): number {
  let largest = 0;
  for (let i = 100; i < a.length - 100; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

describe("conversion to the low rate", () => {
  it.each([4000, 8000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000])(
    "keeps tones up to 2 kHz in place and level, from %d Hz",
    (sampleRate) => {
      // Close to half the rate of the input its images cannot be told from it.
      for (const frequency of [300, 1000, 1900].filter((one) => one < 0.3 * sampleRate)) {
        const result = convert(tone(frequency, sampleRate, sampleRate), sampleRate);
        expect(result.length).toBe(5513);
        // 45 dB below are 0.0056; halving twice, and taking the nearest phase, add to that.
        expect(largestDifference(result, tone(frequency, LOW_RATE, result.length))).toBeLessThan(0.015);
      }
    },
  );

  it.each([
    [22_050, 3600],
    [44_100, 9100],
    [48_000, 22_500],
  ])("takes away what would fold below 2 kHz, from %d Hz: a tone of %d Hz", (sampleRate, frequency) => {
    const result = convert(tone(frequency, sampleRate, sampleRate), sampleRate);
    expect(largestDifference(result, new Float32Array(result.length))).toBeLessThan(0.01);
  });

  it.each([8000, 22_050, 48_000])("does not depend on the pieces of the input, from %d Hz", (sampleRate) => {
    const samples = music({ seed: 1, seconds: 0.4, sampleRate });
    const whole = convert(samples, sampleRate);
    for (const piece of [1, 77, 5000]) expect(convert(samples, sampleRate, piece)).toEqual(whole);
  });

  it("gives something of a single sample", () => {
    expect(convert(Float32Array.of(0.5), 44_100)).toHaveLength(1);
  });
});
