import { expect, it } from "vitest";
import { count, duration, frequency, short } from "./numbers.ts";

it.each([
  [0, "0"],
  [-0, "0"],
  [0.125, "0.125"],
  [-1234.5, "−1,230"],
  [999_999, "1,000,000"],
  [1e6, "1e6"],
  [2.5e-7, "2.5e−7"],
  [-0.00012345, "−1.23e−4"],
  [NaN, "not a number"],
  [-Infinity, "−∞"],
])("writes %d as %s", (value, text) => {
  expect(short(value)).toBe(text);
});

it("writes counts, durations and frequencies", () => {
  expect(count(156114)).toBe("156,114");
  expect([0.023, 2.5, 65].map(duration)).toEqual(["23 ms", "2.50 s", "1:05 min"]);
  expect([440, 2500].map(frequency)).toEqual(["440 Hz", "2.5 kHz"]);
});
