import { describe, expect, it } from "vitest";
import { Generator } from "../random/generator.ts";
import { resample } from "./resample/resample.ts";
import { measureSound } from "./measure-sound.ts";
import { joinRanges } from "./sound-range.ts";

function noise(seconds: number, sampleRate: number, amplitude = 0.1, seed = 1): Float32Array {
  const random = new Generator(seed);
  return Float32Array.from({ length: Math.round(seconds * sampleRate) }, () => amplitude * random.normal());
}

describe("the bandwidth of a recording", () => {
  it.each([
    [8000, 44_100],
    [8000, 22_050],
    [11_025, 44_100],
    [16_000, 48_000],
    [2000, 16_000],
  ])(
    "of noise at %i Hz that was brought to %i Hz is half of the first, and the slope of the filter: up to a quarter",
    async (from, to) => {
      const audio = await resample({ samples: noise(1, from), sampleRate: from }, to);
      const bandwidth = measureSound(audio)?.bandwidth[1] ?? NaN;
      expect(bandwidth / (from / 2)).toBeGreaterThan(0.95);
      expect(bandwidth / (from / 2)).toBeLessThan(1.25);
    },
  );

  it("is half the sample rate where sound reaches up to there", () => {
    expect(measureSound({ samples: noise(1, 8000), sampleRate: 8000 })?.bandwidth).toEqual([4000, 4000]);
  });

  it("counts what sounds for a moment, and no constant", () => {
    const samples = new Float32Array(8000).fill(0.5);
    for (let i = 4000; i < 4400; i++) samples[i] += 0.1 * Math.sin((2 * Math.PI * 1000 * i) / 8000);
    const bandwidth = measureSound({ samples, sampleRate: 8000 })?.bandwidth[1] ?? 0;
    expect(bandwidth).toBeGreaterThan(1000);
  });

  it("is unknown of silence, of a constant, and of what is no number", () => {
    for (const value of [0, 0.25, NaN, Infinity]) {
      const samples = new Float32Array(5000).fill(value);
      expect(measureSound({ samples, sampleRate: 8000 })?.bandwidth).toBeUndefined();
    }
    expect(measureSound({ samples: new Float32Array(0), sampleRate: 8000 })).toBeUndefined();
  });
});

describe("levels of a recording", () => {
  it("are those of its loud parts, and of its quiet ones below them", () => {
    // A quarter of it at -20 dB, the rest at -60 dB.
    const samples = noise(4, 8000, 0.001);
    samples.set(noise(1, 8000, 0.1, 2), 8000);
    const range = measureSound({ samples, sampleRate: 8000 });
    expect(range?.level[0]).toBeCloseTo(-20, 0);
    expect(range?.noiseFloor[0]).toBeCloseTo(-40, 0);
  });

  it("of several recordings are the least and the most of each", () => {
    const [loud, quiet] = [0.1, 0.01].map((amplitude) =>
      measureSound({ samples: noise(1, 8000, amplitude), sampleRate: 8000 }),
    );
    const both = joinRanges(loud, joinRanges(undefined, quiet));
    expect(both?.level[0]).toBeCloseTo(-40, 0);
    expect(both?.level[1]).toBeCloseTo(-20, 0);
    expect(joinRanges(undefined, undefined)).toBeUndefined();
  });
});
