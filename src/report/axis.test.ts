import { describe, expect, it } from "vitest";
import { decimalText, frequencyTicks, linearAxis, rangeOf, roundStep } from "./axis.ts";

describe("linearAxis", () => {
  it("has ticks at round values within its range", () => {
    const axis = linearAxis("loss", [0.1, 2.3], 5);
    // 2.2 / 5 = 0.44, so that steps are 0.5.
    expect(axis.ticks.map(({ text }) => text)).toEqual(["0.5", "1.0", "1.5", "2.0"]);
    expect(axis.position(0.1)).toBe(0);
    expect(axis.position(2.3)).toBe(1);
    expect(axis.ticks[1].position).toBeCloseTo(0.9 / 2.2, 12);
  });

  it("writes zero without a sign, and no more ticks than fit", () => {
    expect(linearAxis("", [-1, 1], 4).ticks.map(({ text }) => text)).toEqual([
      "-1.0",
      "-0.5",
      "0.0",
      "0.5",
      "1.0",
    ]);
  });

  it("puts a single value into the middle", () => {
    expect(linearAxis("", [3, 3], 4).position(3)).toBe(0.5);
  });
});

it("roundStep is the next 1, 2 or 5 times a power of ten", () => {
  expect([0.44, 0.2, 0.21, 1, 3, 5.1, 70].map(roundStep)).toEqual([0.5, 0.2, 0.5, 1, 5, 10, 100]);
});

it("decimalText has the decimals that the step needs", () => {
  expect([decimalText(2, 1), decimalText(0.25, 0.05), decimalText(0.3, 0.1), decimalText(2e6, 5e5)]).toEqual([
    "2",
    "0.25",
    "0.3",
    "2.0e+6",
  ]);
});

it("rangeOf leaves out what is not finite and adds air", () => {
  expect(rangeOf([1, null, NaN, 3, Infinity], 0.1)).toEqual([0.8, 3.2]);
  expect(rangeOf([null, NaN])).toEqual([0, 1]);
});

describe("frequencyTicks", () => {
  it("stand in the middle of their rows, and between rows in proportion", () => {
    // Rows of 0, 100, …, 900 Hz: 500 Hz is row 5 of 10, whose middle is at 0.55; 50 Hz is between the first two.
    const rows = Array.from({ length: 10 }, (_, row) => 100 * row);
    const ticks = frequencyTicks(rows);
    expect(ticks.find(({ text }) => text === "500")?.position).toBeCloseTo(0.55, 12);
    expect(ticks[0].position).toBeCloseTo((0.2 + 0.5) / 10, 12);
  });

  it("are not so near that they cover each other", () => {
    const rows = Array.from({ length: 513 }, (_, row) => (22_050 / 512) * row);
    const positions = frequencyTicks(rows).map(({ position }) => position);
    expect(positions.length).toBeGreaterThan(2);
    for (let i = 1; i < positions.length; i++)
      expect(positions[i] - positions[i - 1]).toBeGreaterThanOrEqual(0.12);
  });

  it("are none for a single row", () => {
    expect(frequencyTicks([440])).toEqual([]);
  });
});
