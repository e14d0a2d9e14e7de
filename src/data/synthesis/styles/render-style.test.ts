import { describe, expect, it } from "vitest";
import { loudness, peakOf, sameBits } from "./testing/measure.ts";
import { renderStyle, STYLE_NAMES, type StyleName } from "./render-style.ts";

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

/** Short pieces of each style at half the usual rate. */
const RENDERED = new Map(
  STYLE_NAMES.map((style) => [
    style,
    SEEDS.map((seed) => renderStyle(style, { seed, seconds: 1.5, sampleRate: 11_025 }).samples),
  ]),
);

function levels(style: StyleName): number[] {
  return RENDERED.get(style)!.map((samples) => 20 * Math.log10(loudness(samples, 0, 1.5, 11_025)));
}

describe("STYLE_NAMES", () => {
  it("are ten, in alphabetical order, and may name folders", () => {
    expect(STYLE_NAMES).toHaveLength(10);
    expect(STYLE_NAMES).toEqual([...STYLE_NAMES].sort());
    for (const name of STYLE_NAMES) expect(name).toMatch(/^[a-z-]+$/);
  });
});

describe.each(STYLE_NAMES)("%s", (style) => {
  it("is finite, not clipped, without a constant, and no silence, for 20 seeds", () => {
    for (const samples of RENDERED.get(style)!) {
      expect(samples).toHaveLength(Math.round(1.5 * 11_025));
      expect(samples.every(Number.isFinite)).toBe(true);
      expect(peakOf(samples)).toBeLessThan(0.98);
      expect(Math.abs(samples.reduce((sum, x) => sum + x, 0) / samples.length)).toBeLessThan(0.01);
    }
    for (const level of levels(style)) {
      expect(level).toBeGreaterThan(-30);
      expect(level).toBeLessThan(-10);
    }
  });

  it("has the same bits for the same seed, and another piece for another", () => {
    const [first, second] = RENDERED.get(style)!;
    const again = renderStyle(style, { seed: 0, seconds: 1.5, sampleRate: 11_025 }).samples;
    expect(sameBits(again, first)).toBe(true);
    expect(sameBits(second, first)).toBe(false);
  });

  it("sounds all the time", () => {
    const { samples, sampleRate } = renderStyle(style, { seed: 3, seconds: 6 });
    expect(sampleRate).toBe(22_050);
    expect(samples).toHaveLength(6 * 22_050);
    for (let time = 0; time < 6; time += 2) {
      expect(loudness(samples, time, time + 2, 22_050)).toBeGreaterThan(0.005);
    }
  });
});

describe("no style", () => {
  it("is told by its level: the styles' means are within 4 dB of each other, and their ranges overlap", () => {
    const means = STYLE_NAMES.map(
      (style) => levels(style).reduce((sum, level) => sum + level, 0) / SEEDS.length,
    );
    expect(Math.max(...means) - Math.min(...means)).toBeLessThan(4);
    const loudestQuietest = Math.max(...STYLE_NAMES.map((style) => Math.min(...levels(style))));
    const quietestLoudest = Math.min(...STYLE_NAMES.map((style) => Math.max(...levels(style))));
    expect(loudestQuietest).toBeLessThan(quietestLoudest);
  });
});

describe("renderStyle", () => {
  it("gives other styles for the same seed", () => {
    const [blues, jazz] = (["blues", "jazz"] as const).map((style) => RENDERED.get(style)![0]);
    expect(sameBits(blues, jazz)).toBe(false);
  });

  it("is the same piece at another rate", () => {
    // Loudness in steps of 50 ms has the same course, though noises and filters differ.
    const course = (sampleRate: number) => {
      const { samples } = renderStyle("techno", { seed: 5, seconds: 3, sampleRate });
      return Array.from({ length: 60 }, (_, i) => loudness(samples, i / 20, (i + 1) / 20, sampleRate));
    };
    expect(correlation(course(22_050), course(16_000))).toBeGreaterThan(0.9);
  });

  it.each([
    [{ seed: 0, seconds: 0 }, "seconds"],
    [{ seed: 0, seconds: NaN }, "seconds"],
    [{ seed: 0, seconds: 601 }, "seconds"],
    [{ seed: 0, sampleRate: 44_100.5 }, "sampleRate"],
    [{ seed: 0, sampleRate: 4000 }, "sampleRate"],
  ])("refuses %j", (options, name) => {
    expect(() => renderStyle("blues", options)).toThrow(`renderStyle: ${name}`);
  });

  it("refuses a style that is not there, and names those that are", () => {
    expect(() => renderStyle("polka" as StyleName, { seed: 0 })).toThrow(
      /no style "polka"; there are ambient, blues/,
    );
    expect(() => renderStyle("toString" as StyleName, { seed: 0 })).toThrow("no style");
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = mean(a.map((x, i) => (x - meanA) * (b[i] - meanB)));
  const deviation = (values: readonly number[], m: number) =>
    Math.sqrt(mean(values.map((x) => (x - m) ** 2)));
  return product / deviation(a, meanA) / deviation(b, meanB);
}
