/** @file Maps in time and frequency, and recordings filtered by them. */
import { describe, expect, it } from "vitest";
import { axisStepsOf, encodeWav, decodeAudio, frontEnd } from "../../audio/index.ts";
import { Generator } from "../../random/generator.ts";
import { expectClose } from "../../testing/compare.ts";
import { keepSound, soundMap, type SoundMap } from "../index.ts";
import { gainsOf } from "./keep-sound.ts";
import { readMap } from "./sound-map.ts";

const noise = (length: number) => {
  const generator = new Generator(5);
  return Float32Array.from({ length }, () => 0.2 * generator.normal());
};

/** Rows of the map by time, two bins at 500 and 3500 Hz. */
const map = (values: readonly number[], times: readonly number[]): SoundMap => ({
  values: Float32Array.from(values),
  frames: times.length,
  bins: values.length / times.length,
  times: Float64Array.from(times),
  frequencies: values.length > times.length ? Float64Array.of(500, 3500) : undefined,
});

describe("with a gain of 1 everywhere a recording stays as it is, within 1e-6 of full scale", () => {
  it.each([
    [8000, 1],
    [8000, 7],
    [8000, 511],
    [22050, 30_000],
    [44_100, 44_101],
    [16_000, 100_001],
  ])("at %i Hz, of %i samples", (sampleRate, length) => {
    const samples = noise(length);
    const { kept, removed } = keepSound({ samples, sampleRate }, map([1, 1, 1, 1], [0, 1]), { keep: "soft" });
    expect(kept.length).toBe(length);
    expect(Math.max(...kept.map((value, i) => Math.abs(value - samples[i])))).toBeLessThan(1e-6);
    expect(Math.max(...removed.map(Math.abs))).toBeLessThan(1e-6);
  });
});

const tone = (hertz: number, length: number) =>
  Float32Array.from({ length }, (_, i) => 0.3 * Math.sin((2 * Math.PI * hertz * i) / 8000));

const energy = (samples: Float32Array, start = 0, end = samples.length) =>
  samples.subarray(start, end).reduce((sum, value) => sum + value * value, 0);

it("keeps a tone whose band is kept, and removes the other, below 1 %", () => {
  const [low, high] = [tone(500, 8000), tone(3500, 8000)];
  const samples = low.map((value, i) => value + high[i]);
  const { kept, removed } = keepSound({ samples, sampleRate: 8000 }, map([1, 0], [0.5]), { keep: 0.5 });
  expectClose(kept.slice(1000, 7000), low.slice(1000, 7000), 0.01, "kept");
  expectClose(removed.slice(1000, 7000), high.slice(1000, 7000), 0.01, "removed");
});

it("keeps the second that is kept", () => {
  const samples = tone(1000, 24_000);
  const times = Array.from({ length: 300 }, (_, i) => i / 100);
  const gains = times.map((time) => (time >= 1 && time < 2 ? 1 : 0));
  const { kept } = keepSound({ samples, sampleRate: 8000 }, map(gains, times), { keep: 1 / 3 });
  expect(energy(kept, 0, 7200)).toBeLessThan(1e-6);
  expect(energy(kept, 16_800)).toBeLessThan(1e-6);
  expectClose(kept.slice(8800, 15_200), samples.slice(8800, 15_200), 1e-5, "the second second");
});

it("kept and removed add up to the recording, and can be written", async () => {
  const samples = noise(9000);
  const { kept, removed } = keepSound({ samples, sampleRate: 8000 }, map([0.3, 0.9, 0.1, 0.5], [0.2, 0.8]));
  expectClose(
    kept.map((value, i) => value + removed[i]),
    samples,
    1e-6,
    "sum",
  );
  const { channels } = await decodeAudio(
    encodeWav({ sampleRate: 8000, channels: [kept] }, { bitDepth: "32-float" }),
  );
  expect(channels[0]).toEqual(kept);
});

describe("gains", () => {
  it("are the map's positive values over its greatest, or 1 for the greatest part", () => {
    const values = map([-1, 2, 4, 1], [0, 1]);
    expect([...gainsOf(values, "soft").values]).toEqual([0, 0.5, 1, 0.25]);
    expect([...gainsOf(values, 0.5).values]).toEqual([0, 1, 1, 0]);
    expect([...gainsOf(values, 0).values]).toEqual([0, 0, 0, 0]);
    expect([...gainsOf(values, 1).values]).toEqual([0, 1, 1, 1]);
    expect([...gainsOf(map([0, -3], [0, 1]), "soft").values]).toEqual([0, 0]);
    expect(() => gainsOf(values, 2)).toThrow('keep must be "soft" or in 0 … 1; got 2');
  });

  it("are read between four places, and at the ends beyond them", () => {
    const values = map([0, 1, 2, 3], [0, 2]);
    expect(readMap(values, 1, 2000)).toBe(1.5);
    expect(readMap(values, -5, 0)).toBe(0);
    expect(readMap(values, 9, 9000)).toBe(3);
    expect(readMap(values, 0.5, 500)).toBe(0.5);
  });
});

describe("a map of features", () => {
  const fourier = { sampleRate: 8000, fftSize: 256, hopLength: 80 } as const;
  const values = (rows: number, columns: number) => ({
    shape: [rows, columns],
    data: Float32Array.from({ length: rows * columns }, (_, i) => i),
  });

  it("has a frame's middle at its hop where frames are centred, else half a frame later", () => {
    const centred = soundMap(frontEnd({ kind: "spectrogram", ...fourier }), values(3, 129), 3);
    expectClose(centred.times, [0, 0.01, 0.02], 1e-12, "times");
    expectClose(
      centred.frequencies ?? [],
      Array.from({ length: 129 }, (_, k) => k * 31.25),
      1e-12,
      "frequencies",
    );
    const late = soundMap(frontEnd({ kind: "spectrogram", ...fourier, center: false }), values(3, 129), 3);
    expectClose(late.times, [0.016, 0.026, 0.036], 1e-12, "times");
  });

  it("with fewer rows than steps has them at equal times", () => {
    const {
      times,
      bins,
      values: found,
    } = soundMap(
      frontEnd({ kind: "melSpectrogram", ...fourier, melBands: 8 }),
      { shape: [2], data: Float32Array.of(5, 7) },
      4,
    );
    // steps at 0, 10, 20 and 30 ms, two to a row
    expectClose(times, [0.005, 0.025], 1e-12, "times");
    expect([bins, [...found]]).toEqual([1, [5, 7]]);
  });

  it("of cepstral coefficients tells times alone, by their mean", () => {
    const {
      bins,
      frequencies,
      values: found,
    } = soundMap(frontEnd({ kind: "mfcc", ...fourier, coefficients: 4 }), values(2, 4), 2);
    expect([bins, frequencies, [...found]]).toEqual([1, undefined, [1.5, 5.5]]);
  });

  it("of a waveform joins samples to frames of 10 ms", () => {
    const front = frontEnd({ kind: "waveform", sampleRate: 8000 });
    const { frames, times, values: found } = soundMap(front, values(200, 1), 200);
    expect(frames).toBe(3);
    // samples 0 … 79, 80 … 159, 160 … 199
    expect([...found]).toEqual([39.5, 119.5, 179.5]);
    expectClose(times, [39.5 / 8000, 119.5 / 8000, 179.5 / 8000], 1e-12, "times");
    expect(axisStepsOf(front)[0].unit).toBe("ms");
  });

  it("is refused with bins that are not the front end's", () => {
    const call = () => soundMap(frontEnd({ kind: "spectrogram", ...fourier }), values(2, 5), 2);
    expect(call).toThrow("must be [time] or [time, 129]; got [2,5]");
  });
});
