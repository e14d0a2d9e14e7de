import { describe, expect, it } from "vitest";
import { magnitudeResponse } from "auricle/explain";
import { filterBank, filtersOf, LOWEST, responseFrequencies, responseOf, tapsOf } from "./filter-bank.ts";

const RATE = 8000;
const TAPS = 64;

/** [window, 1, filters]: tones of 2,000, 500 and 1,000 Hz, and zeros. */
const TONES = [2000, 500, 1000, 0];
const kernel = {
  shape: [TAPS, 1, TONES.length],
  data: Float32Array.from({ length: TAPS * TONES.length }, (_, i) =>
    Math.sin((2 * Math.PI * TONES[i % TONES.length] * Math.floor(i / TONES.length)) / RATE),
  ),
};

describe("filters on waveforms", () => {
  it("are sorted by where they are strongest", () => {
    const bank = filterBank(filtersOf(kernel, 1), RATE, 200);
    expect(bank.order.filter((filter) => filter !== 3)).toEqual([1, 2, 0]);
    [2000, 500, 1000].forEach((hertz, filter) => {
      expect(Math.abs(bank.centres[filter] / hertz - 1)).toBeLessThan(0.04);
    });
    const column = bank.order.indexOf(0);
    const peak = bank.frequencies.findIndex((hertz) => hertz === bank.centres[0]);
    expect(bank.decibels[peak * TONES.length + column]).toBe(0);
  });

  it("have the gains that the library computes", () => {
    const filters = filtersOf(kernel, 1);
    const points = 129;
    const frequencies = Float64Array.from({ length: points }, (_, k) => (k * RATE) / 2 / (points - 1));
    const expected = magnitudeResponse(tapsOf(filters, 1), points);
    const greatest = expected.reduce((a, b) => Math.max(a, b));
    responseOf(tapsOf(filters, 1), frequencies, RATE).forEach((value, k) => {
      expect(value).toBeCloseTo(Math.max(LOWEST, 20 * Math.log10(expected[k] / greatest)), 6);
    });
  });

  it("of zeros let nothing pass", () => {
    const response = responseOf(tapsOf(filtersOf(kernel, 1), 3), responseFrequencies(RATE, TAPS, 9), RATE);
    expect([...response]).toEqual(new Array(9).fill(LOWEST));
  });

  it("of a dilated layer have zeros between their weights", () => {
    const filters = filtersOf({ shape: [3, 1, 2], data: [1, 10, 2, 20, 3, 30] }, 2);
    expect([...tapsOf(filters, 0)]).toEqual([1, 0, 2, 0, 3]);
    expect([...tapsOf(filters, 1)]).toEqual([10, 0, 20, 0, 30]);
  });

  it("have frequencies up to half the rate, also where they are short", () => {
    const found = responseFrequencies(RATE, 3, 5);
    expect(found[0]).toBeCloseTo(RATE / 24, 6);
    expect(found[4]).toBeCloseTo(RATE / 2, 6);
    expect(responseFrequencies(RATE, 1, 3)[0]).toBe(1000);
  });
});
