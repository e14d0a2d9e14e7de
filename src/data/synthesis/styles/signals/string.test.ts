import { describe, expect, it } from "vitest";
import { amplitudeAt, centsOff } from "../testing/measure.ts";
import { addString, exciteAt } from "./string.ts";

const RATE = 22_050;

/** A string of 2 s, plucked as one period of a sine unless told otherwise. */
function string(
  changes: Partial<Parameters<typeof addString>[2]>,
  shape = (position: number) => Math.sin(2 * Math.PI * position),
): Float32Array {
  const out = new Float32Array(2 * RATE);
  const vibration = { frequency: 220, held: 2, decay: 1, release: 0.1, damping: 0, level: 0.5, ...changes };
  const excite = (period: Float32Array) => {
    for (let i = 0; i < period.length; i++) period[i] = shape(i / period.length);
  };
  addString(out, 0, vibration, excite, RATE);
  return out;
}

describe("addString", () => {
  it.each([
    [55, 0.5],
    [196.3, 0],
    [220, 0.2],
    [659.3, 0.35],
    [1046.5, 0.5],
  ])("%s Hz with damping %s is in tune within 1 cent", (frequency, damping) => {
    expect(Math.abs(centsOff(string({ frequency, damping, decay: 4 }), 0.1, frequency, RATE))).toBeLessThan(
      1,
    );
  });

  it("begins at its level and loses 60 dB in its decay, within 3 %", () => {
    const samples = string({});
    expect(Math.abs(amplitudeAt(samples, 0.05, 220, RATE) / (0.5 * 10 ** (-3 * 0.05)) - 1)).toBeLessThan(
      0.03,
    );
    // From 0.1 to 0.5 s: 24 dB.
    const fall = amplitudeAt(samples, 0.5, 220, RATE) / amplitudeAt(samples, 0.1, 220, RATE);
    expect(Math.abs(fall / 10 ** (-24 / 20) - 1)).toBeLessThan(0.03);
  });

  it("is damped when it is let go", () => {
    const samples = string({ decay: 8, held: 0.5, release: 0.2 });
    // 0.1 s of 0.2 s: 30 dB.
    const fall = amplitudeAt(samples, 0.66, 220, RATE) / amplitudeAt(samples, 0.56, 220, RATE);
    expect(20 * Math.log10(fall)).toBeCloseTo(-30, 0);
    expect(samples.subarray(0.8 * RATE).every((x) => x === 0)).toBe(true);
  });

  it("lets high partials die sooner, the more damping there is", () => {
    const saw = (position: number) => position;
    const share = (damping: number) => {
      const samples = string({ damping, decay: 4 }, saw);
      return amplitudeAt(samples, 0.5, 2200, RATE) / amplitudeAt(samples, 0.5, 220, RATE);
    };
    expect(share(0)).toBeGreaterThan(2 * share(0.1));
    expect(share(0.1)).toBeGreaterThan(10 * share(0.5));
  });

  it("stays within its array", () => {
    const out = new Float32Array(100);
    addString(
      out,
      90,
      { frequency: 500, held: 1, decay: 1, release: 1, damping: 0, level: 1 },
      (shape) => void (shape[0] = 1),
      RATE,
    );
    expect(out.subarray(0, 90).every((x) => x === 0)).toBe(true);
    expect(out.subarray(90).some((x) => x !== 0)).toBe(true);
  });
});

describe("exciteAt", () => {
  it("takes away the partials with a node there", () => {
    // At a quarter of the string, partial 4 has a node.
    const shape = Float32Array.from({ length: 64 }, (_, i) => Math.sin((2 * Math.PI * 4 * i) / 64));
    exciteAt(shape, 0.25);
    expect(Math.max(...shape.map(Math.abs))).toBeLessThan(1e-6);
  });
});
