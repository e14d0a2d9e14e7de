import { expect, it } from "vitest";
import { Generator } from "auricle";
import { columnsOf, outlineOf } from "./envelope.ts";

const generator = new Generator(3);
const samples = Float32Array.from({ length: 100_001 }, () => generator.normal());
const outline = outlineOf(samples);
const envelope = { ...outline, ready: outline.low.length };

function extremes(from: number, to: number): number[] {
  const part = samples.slice(from, to);
  return [part.reduce((a, b) => Math.min(a, b)), part.reduce((a, b) => Math.max(a, b))];
}

it("has the extremes of each block, the last one shorter", () => {
  expect(outline.low.length).toBe(391);
  for (const block of [0, 1, 200, 390]) {
    expect([outline.low[block], outline.high[block]]).toEqual(extremes(256 * block, 256 * (block + 1)));
  }
});

it("reads the samples themselves where a block is wider than a column", () => {
  const { low, high } = columnsOf(samples, envelope, { first: 1000, last: 3000 }, 40);
  for (const column of [0, 17, 39]) {
    expect([low[column], high[column]]).toEqual(extremes(1000 + 50 * column, 1050 + 50 * column));
  }
});

it("of a long stretch has every sample in one column, up to the width of a block", () => {
  const { low, high } = columnsOf(samples, envelope, { first: 0, last: samples.length }, 97);
  const [least, greatest] = extremes(0, samples.length - 256);
  expect(low.reduce((a, b) => Math.min(a, b))).toBeLessThanOrEqual(least);
  expect(high.reduce((a, b) => Math.max(a, b))).toBeGreaterThanOrEqual(greatest);
  low.forEach((value, column) => {
    const [from, to] = [column, column + 1].map((i) => Math.floor((i * samples.length) / 97));
    const [wide, narrow] = [
      extremes(from - 256 < 0 ? 0 : from - 256, to + 256),
      extremes(from + 256, to - 256),
    ];
    expect(value).toBeGreaterThanOrEqual(wide[0]);
    expect(value).toBeLessThanOrEqual(narrow[0]);
    expect(high[column]).toBeLessThanOrEqual(wide[1]);
    expect(high[column]).toBeGreaterThanOrEqual(narrow[1]);
  });
});

it("draws a sample for each column where there are fewer samples than columns", () => {
  const { low, high } = columnsOf(samples, envelope, { first: 10, last: 14 }, 8);
  expect([...low]).toEqual([10, 10, 11, 11, 12, 12, 13, 13].map((i) => samples[i]));
  expect([...high]).toEqual([...low]);
});

it("does not know what was not read yet", () => {
  const { low } = columnsOf(samples, { ...outline, ready: 195 }, { first: 0, last: samples.length }, 100);
  expect(low.findIndex(Number.isNaN)).toBeGreaterThan(45);
  expect(low.slice(51).every(Number.isNaN)).toBe(true);
  expect(low.slice(0, 49).some(Number.isNaN)).toBe(false);
});
