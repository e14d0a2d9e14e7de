import { expect, it } from "vitest";
import {
  countOf,
  formatBytes,
  formatDuration,
  formatFrequency,
  formatNumber,
  formatPercent,
  formatScore,
} from "./format.ts";

it("writes numbers as people do", () => {
  expect([1, 0, 1234].map((count) => countOf(count, "clip"))).toEqual(["1 clip", "0 clips", "1,234 clips"]);
  expect([formatPercent(0.8763), formatPercent(NaN)]).toEqual(["87.6 %", "–"]);
  expect([formatScore(0.87654), formatScore(null), formatScore(NaN), formatScore(undefined)]).toEqual([
    "0.877",
    "–",
    "–",
    "–",
  ]);
  expect([1234.5, 0.012345, 1e-7, 2.5e6, 0, -3.14159, Infinity].map(formatNumber)).toEqual([
    "1235",
    "0.01235",
    "1e-7",
    "2.5e6",
    "0",
    "-3.142",
    "–",
  ]);
});

it("writes times, sizes and frequencies with their units", () => {
  expect([0.2, 4.23, 59.96, 7500, NaN].map(formatDuration)).toEqual([
    "0.20 s",
    "4.2 s",
    "1:00 min",
    "2:05:00 h",
    "–",
  ]);
  expect([4_200, 5_250_000, 25_000_000].map(formatBytes)).toEqual(["5 KB", "5.3 MB", "25 MB"]);
  expect([93.75, 440, 12_500].map(formatFrequency)).toEqual(["93.8 Hz", "440 Hz", "12.5 kHz"]);
});
