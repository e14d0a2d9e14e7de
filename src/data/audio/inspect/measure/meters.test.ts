import { describe, expect, it } from "vitest";
import { fullScaleOf, LevelMeter, type Levels } from "./level-meter.ts";
import { QuietMeter, type QuietStretches } from "./quiet-meter.ts";

function levelsOf(samples: readonly number[], fullScale = 1, piece = Infinity): Levels {
  const meter = new LevelMeter(fullScale);
  for (let at = 0; at < samples.length; at += piece) {
    meter.push(Float32Array.from(samples.slice(at, at + piece)));
  }
  return meter.levels();
}

describe("levels", () => {
  it("are peak, root mean square and mean", () => {
    // Squares 0.25, 0.0625, 0.0625, 0: mean 0.09375.
    const { peak, rms, mean } = levelsOf([0.5, -0.25, 0.25, 0]);
    expect([peak, rms, mean]).toEqual([0.5, Math.sqrt(0.09375), 0.125]);
  });

  it("count as clipped what is at full scale three or more times in a row, also at the end", () => {
    const samples = [1, 1, 0, 1, 1, 1, 0, -1, -1, -1, -1, 0.9, 1, 1, 1];
    for (const piece of [Infinity, 1, 4]) expect(levelsOf(samples, 1, piece).clipped).toBe(3 + 4 + 3);
  });

  it.each([
    // The largest numbers of 8 and 16 bits, over 2^7 and 2^15.
    [8, 127 / 128],
    [16, 32_767 / 32_768],
    [24, 8_388_607 / 8_388_608],
    [32, 1],
    [undefined, 1],
  ])("at %s bits take %d as full scale", (bitDepth, fullScale) => {
    expect(fullScaleOf(bitDepth)).toBe(fullScale);
  });

  it("are NaN where samples are no numbers", () => {
    expect(levelsOf([0, NaN]).rms).toBeNaN();
    expect(levelsOf([0, Infinity]).rms).toBe(Infinity);
  });
});

const RATE = 1000;

function quietOf(samples: Float32Array, piece = Infinity): QuietStretches {
  const meter = new QuietMeter(RATE);
  for (let at = 0; at < samples.length; at += piece) meter.push(samples.subarray(at, at + piece));
  return meter.finish();
}

/** Seconds of alternating samples, whose root mean square is their magnitude. */
function alternating(...parts: readonly (readonly [seconds: number, magnitude: number])[]): Float32Array {
  return Float32Array.from(
    parts.flatMap(([seconds, magnitude]) =>
      Array.from({ length: seconds * RATE }, (_, i) => (i % 2 === 0 ? magnitude : -magnitude)),
    ),
  );
}

describe("quiet stretches", () => {
  it("are those below -60 dB: the longest of them, and all together", () => {
    const samples = alternating([1, 0.5], [0.5, 0], [1, 0.1], [2, 0.0009], [1, 0.0011]);
    for (const piece of [Infinity, 1, 77]) {
      const { loudest, seconds, longest } = quietOf(samples, piece);
      expect(loudest).toBeCloseTo(0.5, 6);
      expect(seconds).toBeCloseTo(2.5, 9);
      expect(longest).toEqual({ start: 2.5, seconds: 2 });
    }
  });

  it("are told by what is around the mean: a constant is silence", () => {
    const constant = new Float32Array(1000).fill(0.25);
    expect(quietOf(constant)).toMatchObject({ loudest: 0, seconds: 1, longest: { start: 0, seconds: 1 } });
  });

  it("do not depend on a rest of a few samples, unless there is nothing else", () => {
    expect(quietOf(alternating([1, 0.5], [0.04, 0])).seconds).toBe(0);
    expect(quietOf(alternating([1, 0.5], [0.06, 0])).seconds).toBeCloseTo(0.06, 9);
    expect(quietOf(alternating([0.02, 0.5])).loudest).toBeCloseTo(0.5, 6);
  });
});
