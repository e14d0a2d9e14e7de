import { describe, expect, it } from "vitest";
import { frontEndConfig, type FrontEndOptions } from "./config.ts";
import { frontEnd } from "./front-end.ts";
import { FRONT_END_PRESETS } from "./presets.ts";

describe("defaults", () => {
  it("are librosa's", () => {
    expect(frontEndConfig({ kind: "melSpectrogram" })).toEqual({
      kind: "melSpectrogram",
      sampleRate: 22050,
      fftSize: 2048,
      windowLength: 2048,
      hopLength: 512,
      window: "hann",
      center: true,
      padMode: "constant",
      frameLength: "fft",
      melBands: 128,
      minFrequency: 0,
      maxFrequency: 11025,
      melScale: "slaney",
      melNorm: "slaney",
      melTriangles: "hertz",
      power: 2,
      scale: { kind: "linear" },
      deltas: null,
    });
    expect(frontEndConfig({ kind: "mfcc" })).toMatchObject({
      coefficients: 20,
      dctNorm: "ortho",
      lifter: 0,
      scale: { kind: "decibels", reference: 1, amin: 1e-10, topDb: 80 },
    });
  });

  it("follow the window's length: a quarter of it, rounded down", () => {
    const config = frontEndConfig({ kind: "spectrogram", fftSize: 512, windowLength: 401 });
    expect(config).toMatchObject({ windowLength: 401, hopLength: 100 });
  });

  it("take amin for magnitudes from amplitude_to_db, for powers from power_to_db", () => {
    const decibels = (power: 1 | 2) =>
      frontEndConfig({ kind: "spectrogram", power, scale: { kind: "decibels" } });
    expect(decibels(1)).toMatchObject({ scale: { amin: 1e-5, reference: 1, topDb: 80 } });
    expect(decibels(2)).toMatchObject({ scale: { amin: 1e-10, reference: 1, topDb: 80 } });
  });
});

describe("a complete configuration", () => {
  it.each(Object.entries(FRONT_END_PRESETS))(
    "of %s is itself when completed again, also as JSON",
    (_, options) => {
      const config = frontEndConfig(options);
      expect(frontEndConfig(config)).toEqual(config);
      expect(frontEnd(JSON.parse(JSON.stringify(config))).config).toEqual(config);
    },
  );
});

describe("options that make no sense", () => {
  const mel = { kind: "melSpectrogram" } as const;
  it.each<[unknown, RegExp]>([
    ["mel", /front end: must be an object with options; got "mel"/],
    [{}, /front end: kind must be one of waveform, spectrogram, .*, constantQ; got nothing/],
    [{ kind: "mel" }, /kind must be one of .*; got "mel"/],
    [{ ...mel, hop: 512 }, /front end: options are kind, sampleRate, .*hopLength.*; got "hop"/],
    [{ ...mel, fftSize: 511 }, /fftSize must be an even number .*; got 511/],
    [{ ...mel, hopLength: 0 }, /hopLength must be an integer not below 1; got 0/],
    [{ ...mel, hopLength: null }, /hopLength must be an integer not below 1; got null/],
    [{ ...mel, sampleRate: -1 }, /sampleRate must be a positive number; got -1/],
    [{ ...mel, melBands: 1.5 }, /melBands must be an integer not below 1; got 1.5/],
    [{ ...mel, center: "yes" }, /center must be true or false; got "yes"/],
    [{ ...mel, power: 3 }, /power must be one of 1, 2; got 3/],
    [{ ...mel, fftSize: 512, windowLength: 600 }, /windowLength must be at most fftSize, 512; got 600/],
    [
      { ...mel, fftSize: 4098 },
      /fftSize must be an even number up to 2048, or up to 32768 if no odd number above 1023 divides it; got 4098/,
    ],
    [{ ...mel, maxFrequency: 12000 }, /maxFrequency must be at most half of sampleRate, 11025 Hz; got 12000/],
    [{ ...mel, minFrequency: -1 }, /minFrequency must be a number not below 0; got -1/],
    [{ ...mel, minFrequency: 4000, maxFrequency: 4000 }, /minFrequency must be below maxFrequency, 4000 Hz/],
    [{ ...mel, deltas: { width: 8 } }, /front end: deltas: width must be odd; got 8/],
    [{ ...mel, deltas: true }, /deltas: must be an object with options; got true/],
    [{ ...mel, deltas: { kind: 1 } }, /deltas: options are order, width, mode; got "kind"/],
    [{ ...mel, scale: "decibels" }, /scale: must be an object with options; got "decibels"/],
    [
      { ...mel, scale: { kind: "decibels", reference: "min" } },
      /scale: reference must be a positive number; got "min"/,
    ],
    [{ ...mel, scale: { kind: "decibels", topDb: -1 } }, /scale: topDb must be a number not below 0; got -1/],
    [{ ...mel, scale: { kind: "log10", offset: 1 } }, /scale: options are kind, factor; got "offset"/],
    [
      { ...mel, scale: { kind: "decibels", offset: 1 } },
      /scale: options are kind, reference, amin, topDb; got "offset"/,
    ],
    [{ kind: "mfcc", melBands: 13 }, /coefficients must be at most melBands, 13; got 20/],
    [{ kind: "waveform", fftSize: 512 }, /options are kind, sampleRate; got "fftSize"/],
    // The highest at 32.7 · 2^(95/12) = 7902 Hz.
    [
      { kind: "constantQ", sampleRate: 8000, bins: 96 },
      /highest of 96 constant-Q filters reaches to \d+ Hz.*fewer bins/,
    ],
    // N = Q · 22050 / 10 = 38,216 with Q = (2^(1/6) + 1) / (2^(1/6) - 1) = 17.33.
    [
      { kind: "constantQ", minFrequency: 10 },
      /at most 32768 samples; minFrequency 10 Hz .* needs \d+; raise minFrequency/,
    ],
  ])("%j", (options, message) => {
    expect(() => frontEnd(options as FrontEndOptions)).toThrow(message);
  });
});
