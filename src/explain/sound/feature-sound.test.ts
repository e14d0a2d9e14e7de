/** @file Features heard again: noise with the magnitudes that they stand for. */
import { describe, expect, it } from "vitest";
import { FeatureExtractor, frontEnd, type FrontEndOptions } from "../../audio/front-end/index.ts";
import { featureSound } from "../index.ts";

const RATE = 8000;
const LENGTH = 4000;

/** A tone in the first half of half a second, then silence. */
function tone(hertz: number): Float32Array {
  return Float32Array.from({ length: LENGTH }, (_, n) =>
    n < LENGTH / 2 ? 0.3 * Math.sin((2 * Math.PI * hertz * n) / RATE) : 0,
  );
}

/** The power of a stretch of a sound within a band, by the definition of the Fourier transform. */
function bandPower(
  sound: Float32Array,
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
): number {
  let power = 0;
  for (let hertz = low; hertz <= high; hertz += 10) {
    let [real, imaginary] = [0, 0];
    for (let n = from; n < to; n++) {
      real += sound[n] * Math.cos((2 * Math.PI * hertz * n) / RATE);
      imaginary += sound[n] * Math.sin((2 * Math.PI * hertz * n) / RATE);
    }
    power += real * real + imaginary * imaginary;
  }
  return power;
}

const FOURIER = { sampleRate: RATE, fftSize: 256, hopLength: 64 } as const;
const FRONT_ENDS: readonly (readonly [string, FrontEndOptions])[] = [
  ["magnitudes", { kind: "spectrogram", ...FOURIER }],
  ["powers in decibels", { kind: "spectrogram", ...FOURIER, power: 2, scale: { kind: "decibels" } }],
  ["complex", { kind: "complexSpectrogram", ...FOURIER }],
  [
    "mel in decibels below the loudest",
    { kind: "melSpectrogram", ...FOURIER, melBands: 40, scale: { kind: "decibels", reference: "max" } },
  ],
  [
    "mel, natural logarithm",
    { kind: "melSpectrogram", ...FOURIER, melBands: 40, scale: { kind: "naturalLog" } },
  ],
  [
    "mel, log10(1 + 10,000 x)",
    { kind: "melSpectrogram", ...FOURIER, melBands: 40, scale: { kind: "log10" } },
  ],
  ["with deltas", { kind: "melSpectrogram", ...FOURIER, melBands: 40, deltas: {} }],
  ["constant-Q", { kind: "constantQ", sampleRate: RATE, hopLength: 64, bins: 48, minFrequency: 200 }],
];

describe.each(FRONT_ENDS)("features of %s", (_name, options) => {
  it("sound where and when the recording did", () => {
    const front = frontEnd(options);
    const data = new FeatureExtractor(front, { threads: 1 }).extract({
      samples: tone(1000),
      sampleRate: RATE,
    });
    const sound = featureSound(front, { shape: front.outputShape(LENGTH), data });
    if (!sound) throw new Error("no sound");
    const { samples, sampleRate } = sound;
    expect(sampleRate).toBe(RATE);
    const [first, second] = [
      [200, 1800],
      [2600, 3800],
    ] as const;
    const near = bandPower(samples, first, [850, 1150]);
    // Bands of equal width, away from the tone.
    for (const far of [
      [200, 500],
      [1800, 2100],
      [2700, 3000],
    ] as const) {
      expect(near / bandPower(samples, first, far)).toBeGreaterThan(20);
    }
    expect(near / bandPower(samples, second, [850, 1150])).toBeGreaterThan(20);
    const level = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
    expect(level).toBeGreaterThan(0.08);
    expect(level).toBeLessThan(0.11);
  });
});

describe("features", () => {
  it("of a waveform are its samples, at one level, and of silence silence", () => {
    const front = frontEnd({ kind: "waveform", sampleRate: RATE });
    const samples = tone(500);
    const sound = featureSound(front, { shape: [LENGTH, 1], data: samples })?.samples ?? new Float32Array();
    const gain = sound[10] / samples[10];
    expect([...sound.subarray(0, 100)].map((value) => Math.round(1e5 * value))).toEqual(
      [...samples.subarray(0, 100)].map((value) => Math.round(1e5 * gain * value)),
    );
    const silent = featureSound(front, { shape: [9, 1], data: new Float32Array(9) });
    expect([...(silent?.samples ?? [])]).toEqual(new Array(9).fill(0));
  });

  it("without frequencies have no sound, and others than the front end's are refused", () => {
    const cepstra = frontEnd({ kind: "mfcc", sampleRate: RATE });
    expect(featureSound(cepstra, { shape: [3, 20, 1], data: new Float32Array(60) })).toBeUndefined();
    const mel = frontEnd({ kind: "melSpectrogram", sampleRate: RATE, melBands: 40 });
    expect(() => featureSound(mel, { shape: [3, 20, 1], data: new Float32Array(60) })).toThrow(
      "features must be [T,40,C]; got [3,20,1]",
    );
  });
});
