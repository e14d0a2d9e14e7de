import { describe, expect, it } from "vitest";
import { Generator } from "../../random/generator.ts";
import { lowPassBetween } from "./low-pass.ts";
import { createResampler, resample } from "./resample.ts";

function tone(frequency: number, sampleRate: number, length: number, amplitude = 0.9): Float32Array {
  return Float32Array.from(
    { length },
    (_, i) => amplitude * Math.sin((2 * Math.PI * frequency * i) / sampleRate),
  );
}

function rootMeanSquare(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value ** 2, 0) / samples.length);
}

/** Without the edges, where a filter reaches beyond the signal. */
function middle(samples: Float32Array): Float32Array {
  return samples.subarray(0.1 * samples.length, 0.9 * samples.length);
}

const RATES: readonly [number, number][] = [
  [44_100, 22_050],
  [48_000, 22_050],
  [44_100, 16_000],
  [11_025, 16_000],
  // More places between two samples than a table has rows for.
  [44_100, 44_099],
  [48_000, 11_027],
  [8_001, 16_001],
];

describe("resample", () => {
  it.each(RATES)("%i Hz to %i Hz: a tone in the band stays what and where it is", async (from, to) => {
    // At 0.9 of the narrower band.
    const frequency = 0.45 * Math.min(from, to);
    const length = Math.floor(from / 4);
    const { samples, sampleRate } = await resample(
      { sampleRate: from, samples: tone(frequency, from, length) },
      to,
    );
    expect(sampleRate).toBe(to);
    expect(samples).toHaveLength(Math.ceil((length * to) / from));
    const error = tone(frequency, to, samples.length).map((value, i) => value - samples[i]);
    // 100 dB below the tone.
    expect(rootMeanSquare(middle(error))).toBeLessThan(
      1e-5 * rootMeanSquare(tone(frequency, to, samples.length)),
    );
  });

  it("a tone above the band is gone: 100 dB", async () => {
    for (const frequency of [11_600, 15_000, 21_000]) {
      const samples = tone(frequency, 44_100, 11_025);
      const result = await resample({ sampleRate: 44_100, samples }, 22_050);
      expect(rootMeanSquare(middle(result.samples))).toBeLessThan(1e-5 * rootMeanSquare(samples));
    }
  });

  it("has ceil(length * to / from) samples for any length", async () => {
    for (const length of [0, 1, 2, 3, 7, 1000, 1001]) {
      const { samples } = await resample({ sampleRate: 44_100, samples: new Float32Array(length) }, 16_000);
      expect(samples).toHaveLength(Math.ceil((length * 16_000) / 44_100));
    }
  });

  it("hands on what has the rate already", async () => {
    const audio = { sampleRate: 22_050, samples: tone(440, 22_050, 100) };
    expect(await resample(audio, 22_050)).toBe(audio);
  });

  it("refuses rates that make no sense", async () => {
    const audio = { sampleRate: 44_100, samples: new Float32Array(10) };
    for (const rate of [0, -1, 0.5, Number.NaN, 44_100 * 257]) {
      await expect(resample(audio, rate)).rejects.toThrow(/rates must be positive whole numbers/);
    }
  });
});

describe("the bits", () => {
  /** FNV-1a over the bytes. */
  function checksum({ buffer, byteOffset, byteLength }: Float32Array): number {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5) >>> 0;
  }

  it.each(RATES)(
    "%i Hz to %i Hz: those of double precision, to 2^-22 of the loudest sample",
    async (from, to) => {
      const generator = new Generator(5);
      const samples = Float32Array.from({ length: 3000 }, () => generator.uniform() - 0.5);
      const result = await resample({ sampleRate: from, samples }, to);
      const { at } = lowPassBetween(from, to);
      const places = Math.min(1000, result.samples.length);
      for (let n = 0; n < places; n += 7) {
        const position = (n * from) / to;
        const expected = samples.reduce((sum, value, i) => sum + value * at(i - position), 0);
        // A line between two rows of the table is right to 120 dB.
        expect(Math.abs(result.samples[n] - expected)).toBeLessThan(from % 50 || to % 50 ? 1e-6 : 2 ** -22);
      }
    },
  );

  it("are no engine's own: nothing but sums, products and quotients", async () => {
    const original = Object.getOwnPropertyDescriptors(Math);
    const functions = ["sin", "cos", "exp", "pow", "log"] as const;
    const samples = Float32Array.from({ length: 999 }, (_, i) => (((i * 37) % 101) - 50) / 64);
    const expected = checksum((await resample({ sampleRate: 1000, samples }, 3001)).samples);
    try {
      for (const name of functions) Math[name] = () => Number.NaN;
      // A table that has not been computed before: both rates doubled.
      const { samples: again } = await resample({ sampleRate: 2000, samples }, 6002);
      expect(checksum(again)).toBe(expected);
    } finally {
      Object.defineProperties(Math, original);
    }
  });
});

describe("a resampler", () => {
  it.each(RATES)("%i Hz to %i Hz: pieces give the same bits as the whole", async (from, to) => {
    const generator = new Generator(3);
    const samples = Float32Array.from({ length: 20_000 }, () => generator.uniform() - 0.5);
    const whole = await resample({ sampleRate: from, samples }, to);
    const resampler = createResampler(from, to);
    const parts: number[] = [];
    for (let at = 0; at < samples.length;) {
      const length = 1 + generator.integer(3000);
      parts.push(...resampler.process(samples.subarray(at, at + length)));
      at += length;
    }
    parts.push(...resampler.finish());
    resampler.free();
    expect(Float32Array.from(parts)).toEqual(whole.samples);
  });

  it("knows nothing of the conversion before", async () => {
    const quiet = { sampleRate: 44_100, samples: new Float32Array(500) };
    await resample({ sampleRate: 44_100, samples: new Float32Array(500).fill(1) }, 22_050);
    expect((await resample(quiet, 22_050)).samples).toEqual(new Float32Array(250));
  });

  it("conversions that go on at the same time do not mix", async () => {
    const [a, b] = [createResampler(44_100, 22_050), createResampler(44_100, 22_050)];
    a.process(new Float32Array(1000).fill(1));
    const samples = [...b.process(new Float32Array(1000)), ...b.finish()];
    a.free();
    b.free();
    expect(samples).toEqual(new Array(500).fill(0));
  });
});
