import { describe, expect, it } from "vitest";
import { meanAndDeviation, wilsonInterval } from "./index.ts";

describe("wilsonInterval", () => {
  it.each([
    // statsmodels 0.15.0's proportion_confint(hits, count, method="wilson").
    [209, 290, 0.6664244227554303, 0.7691846315751476],
    [0, 10, 0, 0.27753279986288926],
    [10, 10, 0.7224672001371106, 1],
    [1, 2, 0.09453120573423068, 0.9054687942657693],
    [841, 1000, 0.8170364534597756, 0.8623536972530759],
  ])("of %d of %d", (hits, count, low, high) => {
    const interval = wilsonInterval(hits, count);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it("ends where the observed share lies 1.96 standard deviations from the expected", () => {
    const { low, high } = wilsonInterval(17, 40);
    for (const p of [low, high]) {
      expect(Math.abs(17 / 40 - p) / Math.sqrt((p * (1 - p)) / 40)).toBeCloseTo(1.959963984540054, 10);
    }
  });

  it("refuses what is no share", () => {
    for (const [hits, count] of [
      [1, 0],
      [3, 2],
      [-1, 2],
      [0.5, 2],
    ]) {
      expect(() => wilsonInterval(hits, count)).toThrow(`got ${hits} of ${count}`);
    }
  });
});

describe("meanAndDeviation", () => {
  it("divides the squares by n - 1", () => {
    // Mean 0.8; squares 0.01 + 0 + 0.01 over 2.
    const { mean, standardDeviation } = meanAndDeviation([0.7, 0.8, 0.9]);
    expect(mean).toBeCloseTo(0.8, 14);
    expect(standardDeviation).toBeCloseTo(0.1, 14);
  });

  it("has no deviation of one value, and refuses none", () => {
    expect(meanAndDeviation([0.7])).toEqual({ mean: 0.7, standardDeviation: undefined });
    expect(() => meanAndDeviation([])).toThrow(/needs at least one value/);
  });
});
