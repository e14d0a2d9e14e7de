import { describe, expect, it } from "vitest";
import { cosine, decayFactor, decibels, hertz, powerOfTwo, sine } from "./arithmetic.ts";

describe("arithmetic without Math.sin, Math.exp and Math.pow", () => {
  it("has sine and cosine within 1e-9", () => {
    for (let x = -3.017; x < 3; x += 0.0137) {
      expect(Math.abs(sine(x) - Math.sin(2 * Math.PI * x))).toBeLessThan(1e-9);
      expect(Math.abs(cosine(x) - Math.cos(2 * Math.PI * x))).toBeLessThan(1e-9);
    }
  });

  it("has powers of two within 1e-9 of their value", () => {
    for (let x = -40.3; x < 40; x += 0.317) {
      expect(Math.abs(powerOfTwo(x) / 2 ** x - 1)).toBeLessThan(1e-9);
    }
  });

  it("has pitches and decibels", () => {
    expect(hertz(69)).toBeCloseTo(440, 6);
    expect(hertz(57)).toBeCloseTo(220, 6);
    // Middle C in equal temperament.
    expect(hertz(60)).toBeCloseTo(261.6256, 4);
    expect(decibels(20)).toBeCloseTo(10, 7);
    expect(decibels(-60)).toBeCloseTo(0.001, 10);
    // 1000 samples of a decay of 1 s at 1000 Hz lose 60 dB.
    expect(decayFactor(1, 1000) ** 1000).toBeCloseTo(0.001, 9);
  });
});
