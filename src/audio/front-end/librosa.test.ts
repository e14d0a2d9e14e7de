/** @file Front ends against librosa 0.11 and torchaudio: tools/oracle/make_spectral.py. */
import { describe, expect, it } from "vitest";
import { compile } from "../../graph/compile.ts";
import type { TargetName } from "../../runtime/target.ts";
import { floatArray } from "../../tensor/array.ts";
import { fixtureCases, type FixtureCase } from "../../testing/fixtures.ts";
import type { FrontEndOptions } from "./config.ts";
import { frontEnd } from "./front-end.ts";
import { testSignal } from "./testing/signal.ts";
import { windowOf, type WindowName } from "./window.ts";

const TARGETS: readonly TargetName[] = ["reference", "wasm"];

/** The stored frames of a case, as the front end computes them. */
function framesOf(
  fixture: FixtureCase,
  target: TargetName,
): { frames: Float32Array[]; expected: Float32Array[] } {
  const { options, samples, frames, totalFrames } = fixture.params as {
    options: FrontEndOptions;
    samples: number;
    frames: number[];
    totalFrames: number;
  };
  const front = frontEnd({ ...options, kind: fixture.op } as FrontEndOptions);
  const waveform = testSignal(samples, front.sampleRate);
  expect(waveform.slice(0, 8), "the waveform").toEqual(fixture.auxiliaryOutputs?.waveform.data);
  const shape = front.outputShape(samples);
  const program = compile((x) => front.apply(x), [[1, samples, 1]], { target, threads: 1 });
  const result = program(floatArray(waveform, [1, samples, 1]));
  expect(result.shape).toEqual([1, ...shape]);
  expect(shape[0], "frames").toBe(totalFrames);
  expect(shape[1] * shape[2], "numbers of a frame").toBe(fixture.output.data.length / frames.length);
  const size = shape[1] * shape[2];
  const part = (data: Float32Array | Int32Array, frame: number) =>
    Float32Array.from(data.subarray(frame * size, (frame + 1) * size));
  return {
    frames: frames.map((frame) => part(result.data, frame)),
    expected: frames.map((_, i) => part(fixture.output.data, i)),
  };
}

function largestDifference(actual: Float32Array, expected: Float32Array): number {
  return actual.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected[i])), 0);
}

/** Largest difference in any frame, as a part of the frame's largest magnitude. */
function relativeError(fixture: FixtureCase, target: TargetName): number {
  const { frames, expected } = framesOf(fixture, target);
  return Math.max(
    ...frames.map((frame, i) => {
      const scale = expected[i].reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
      return largestDifference(frame, expected[i]) / scale;
    }),
  );
}

function absoluteError(fixture: FixtureCase, target: TargetName): number {
  const { frames, expected } = framesOf(fixture, target);
  return Math.max(...frames.map((frame, i) => largestDifference(frame, expected[i])));
}

const cases = (op: string, choose: (scale: string, name: string) => boolean) =>
  fixtureCases("spectral", op)
    .filter(({ params, name }) =>
      choose((params.options as { scale?: { kind: string } }).scale?.kind ?? "linear", name),
    )
    .flatMap((fixture) => TARGETS.map((target) => [fixture.name, target, fixture] as const));

describe("windows", () => {
  it.each(fixtureCases("spectral", "window").map((fixture) => [fixture.name, fixture] as const))(
    "%s is scipy's within 1e-7",
    (_, { params, output }) => {
      const { window, length } = params as { window: WindowName; length: number };
      const actual = Float32Array.from(windowOf(window, length));
      expect(largestDifference(actual, Float32Array.from(output.data))).toBeLessThan(1e-7);
    },
  );
});

describe("spectra within 1e-6 of the frame's largest magnitude", () => {
  it.each([
    ...cases("complexSpectrogram", () => true),
    ...cases("spectrogram", (scale) => scale === "linear"),
    ...cases("melSpectrogram", (scale) => scale === "linear"),
  ])("%s on %s", (_, target, fixture) => {
    expect(relativeError(fixture, target)).toBeLessThan(1e-6);
  });
});

describe("decibels within 2e-4 dB", () => {
  it.each([
    ...cases("spectrogram", (scale) => scale === "decibels"),
    ...cases("melSpectrogram", (scale) => scale === "decibels"),
  ])("%s on %s", (_, target, fixture) => {
    expect(absoluteError(fixture, target)).toBeLessThan(2e-4);
  });
});

describe("other logarithms within 1e-5", () => {
  it.each(cases("melSpectrogram", (scale) => scale === "log10" || scale === "naturalLog"))(
    "%s on %s",
    (_, target, fixture) => {
      expect(absoluteError(fixture, target)).toBeLessThan(1e-5);
    },
  );
});

describe("MFCC and deltas within 1e-3", () => {
  it.each(cases("mfcc", () => true))("%s on %s", (_, target, fixture) => {
    expect(absoluteError(fixture, target)).toBeLessThan(1e-3);
  });
});

describe("constant-Q magnitudes, as a part of the frame's largest", () => {
  // All octaves at the waveform's rate and all coefficients: the same transform. What is left is the filters' negative
  // frequencies, which both leave out, in transforms of different sizes.
  it.each([
    ["odd-hop-not-sparse", 2e-5],
    ["quarter-tones-reflect", 5e-5],
    // librosa's filters without their smallest coefficients, 1 % of each.
    ["odd-hop", 6e-3],
    // And each octave down from a waveform at half the rate: soxr's transition band, and windows of half as many samples.
    ["librosa-defaults", 2e-2],
  ])("%s within %d", (name, tolerance) => {
    const [[, , fixture]] = cases("constantQ", (_, other) => other === name);
    expect(relativeError(fixture, "wasm")).toBeLessThan(tolerance);
  });

  it("quarter-tones-reflect by the reference loops", () => {
    const [[, , fixture]] = cases("constantQ", (_, name) => name === "quarter-tones-reflect");
    expect(relativeError(fixture, "reference")).toBeLessThan(5e-5);
  });
});
