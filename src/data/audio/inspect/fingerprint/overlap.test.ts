import { describe, expect, it } from "vitest";
import { bestOverlap, displacedErrorRate, errorRate } from "./overlap.ts";
import { randomWords, withErrors } from "../testing/words.ts";

describe("an overlap", () => {
  it("is where two recordings agree, and tells how many bits differ", () => {
    // Frames 300 … 699 of a are frames 100 … 499 of b, with 4 of 32 bits wrong.
    const a = randomWords(1000, 1);
    const b = randomWords(600, 2);
    b.set(withErrors(a.subarray(300, 700), 4), 100);
    const overlap = bestOverlap(a, b, 200);
    // A frame beside it may agree by chance.
    expect(overlap?.first).toBeGreaterThanOrEqual(296);
    expect(overlap?.first).toBeLessThanOrEqual(300);
    expect(overlap?.frames).toBeGreaterThanOrEqual(400);
    expect(overlap?.frames).toBeLessThanOrEqual(408);
    expect(overlap?.errorRate).toBeCloseTo(4 / 32, 2);
    expect(errorRate(a, b, 200, 300, 700)).toBe(4 / 32);
    expect(errorRate(a, b, 201, 300, 700)).toBeCloseTo(0.5, 1);
  });

  it("is short where two recordings have nothing to do with each other", () => {
    const overlap = bestOverlap(randomWords(5000, 1), randomWords(5000, 2), 17);
    expect(overlap?.frames ?? 0).toBeLessThan(20);
  });

  it("does not exist beyond the recordings, nor in silence", () => {
    const a = randomWords(10, 1);
    expect(bestOverlap(a, a, 10)).toBeUndefined();
    expect(bestOverlap(a, a, -10)).toBeUndefined();
    expect(bestOverlap(new Uint32Array(100), new Uint32Array(100), 0)).toBeUndefined();
    expect(errorRate(new Uint32Array(9), new Uint32Array(9), 0, 0, 9)).toBe(0.5);
  });

  it("of music agrees less when displaced; of steady sounds it does not", () => {
    const whole = { first: 0, frames: 600, errorRate: 0 };
    const varied = randomWords(600, 3);
    expect(displacedErrorRate(varied, varied, 0, whole)).toBeCloseTo(0.5, 1);
    const steady = new Uint32Array(600).fill(0x12345678);
    expect(displacedErrorRate(steady, steady, 0, whole)).toBe(0);
  });
});
