import { describe, expect, it } from "vitest";
import { lowPassBetween } from "./low-pass.ts";

/** The response to a cosine of that frequency, in parts of the input's band. */
function gain(from: number, to: number, frequency: number): number {
  const { reach, at } = lowPassBetween(from, to);
  let sum = 0;
  for (let i = -Math.ceil(reach); i <= reach; i++) sum += at(i) * Math.cos(Math.PI * frequency * i);
  return sum;
}

const decibels = (value: number): number => 20 * Math.log10(Math.abs(value));

describe("the low-pass", () => {
  it.each([0, 0.1, 0.5, 0.9, 0.95])("passes %f of the narrower band, to 120 dB", (frequency) => {
    expect(decibels(gain(1, 1, frequency) - 1)).toBeLessThan(-120);
    expect(decibels(gain(3, 1, frequency / 3) - 1)).toBeLessThan(-120);
  });

  it.each([1, 1.01, 1.3, 2, 2.9])(
    "lets nothing of %f of the narrower band through, to 120 dB",
    (frequency) => {
      expect(decibels(gain(3, 1, frequency / 3))).toBeLessThan(-120);
    },
  );

  it("is even, and zero beyond its reach", () => {
    const { reach, at } = lowPassBetween(44_100, 16_000);
    for (const t of [0.3, 1, 17.25, reach / 2]) expect(at(-t)).toBe(at(t));
    expect(at(reach)).toBe(0);
    expect(at(reach + 5)).toBe(0);
    expect(Math.abs(at(reach - 1))).toBeGreaterThan(0);
  });
});
