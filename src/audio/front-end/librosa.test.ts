/** @file Front ends against librosa 0.11 and torchaudio: tools/oracle/make_spectral.py. */
import { describe, expect, it } from "vitest";
import { compile } from "../../graph/compile.ts";
import type { TargetName } from "../../runtime/target.ts";
import { floatArray } from "../../tensor/array.ts";
import { fixtureCases, type FixtureCase } from "../../testing/fixtures.ts";
import type { FrontEndOptions } from "./config.ts";
import { frontEnd } from "./front-end.ts";
import { testSignal, type TestSound } from "./testing/signal.ts";
import { windowOf, type WindowName } from "./window.ts";

const TARGETS: readonly TargetName[] = ["reference", "wasm"];

/** The stored frames of a case, as the front end computes them. */
function framesOf(
  fixture: FixtureCase,
  target: TargetName,
): { frames: Float32Array[]; expected: Float32Array[] } {
  const { options, samples, frames, totalFrames, signal } = fixture.params as {
    options: FrontEndOptions;
    samples: number;
    frames: number[];
    totalFrames: number;
    signal?: TestSound;
  };
  const front = frontEnd({ ...options, kind: fixture.op } as FrontEndOptions);
  const waveform = testSignal(samples, front.sampleRate, signal);
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

const largest = (numbers: Float32Array) =>
  numbers.reduce((found, value) => Math.max(found, Math.abs(value)), 0);

/** The largest difference of any number as a part of what its frame's `scale` allows it. */
function worst(
  fixture: FixtureCase,
  target: TargetName,
  allowed: (value: number, frame: Float32Array) => number,
): number {
  const { frames, expected } = framesOf(fixture, target);
  return Math.max(
    ...frames.map((frame, i) =>
      frame.reduce(
        (found, value, j) =>
          Math.max(found, Math.abs(value - expected[i][j]) / allowed(expected[i][j], expected[i])),
        0,
      ),
    ),
  );
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
      expect(largest(actual.map((value, i) => value - output.data[i]))).toBeLessThan(1e-7);
    },
  );
});

describe("spectra within 1e-6 of each number, and 1e-12 of the frame's largest", () => {
  it.each([
    ...cases("complexSpectrogram", () => true),
    ...cases("spectrogram", (scale) => scale === "linear"),
    ...cases("melSpectrogram", (scale) => scale === "linear"),
  ])("%s on %s", (_, target, fixture) => {
    // Derivatives are differences of neighbouring frames.
    const { deltas } = fixture.params.options as { deltas?: unknown };
    const ofLargest = deltas ? 1e-6 : 1e-12;
    expect(
      worst(fixture, target, (value, frame) => 1e-6 * Math.abs(value) + ofLargest * largest(frame)),
    ).toBeLessThan(1);
  });
});

describe("decibels within 1e-4 dB", () => {
  it.each([
    ...cases("spectrogram", (scale) => scale === "decibels"),
    ...cases("melSpectrogram", (scale) => scale === "decibels"),
  ])("%s on %s", (_, target, fixture) => {
    expect(worst(fixture, target, () => 1)).toBeLessThan(1e-4);
  });
});

describe("other logarithms within 2e-6", () => {
  it.each(cases("melSpectrogram", (scale) => scale === "log10" || scale === "naturalLog"))(
    "%s on %s",
    (_, target, fixture) => {
      expect(worst(fixture, target, () => 1)).toBeLessThan(2e-6);
    },
  );
});

describe("MFCC and deltas within 1e-4, and 2e-7 of the frame's largest", () => {
  it.each(cases("mfcc", () => true))("%s on %s", (_, target, fixture) => {
    expect(worst(fixture, target, (_value, frame) => 1e-4 + 2e-7 * largest(frame))).toBeLessThan(1);
  });
});

describe("constant-Q magnitudes", () => {
  it.each(cases("constantQ", (_, name) => name.startsWith("definition")))(
    "are the definition's within 1e-6 of each number, and 1e-12 of the frame's largest: %s on %s",
    (_, target, fixture) => {
      expect(
        worst(fixture, target, (value, frame) => 1e-6 * Math.abs(value) + 1e-12 * largest(frame)),
      ).toBeLessThan(1);
    },
  );

  // How far librosa is from the definition, as a part of the frame's largest.
  it.each([
    // It takes filters' spectra without their negative frequencies.
    ["odd-hop-not-sparse", 3e-5],
    ["quarter-tones-reflect", 2e-4],
    // And without their smallest coefficients, 1 % of each.
    ["odd-hop", 6e-3],
    // And each octave down from a waveform at half the rate: soxr's transition band, and windows of half as many samples.
    ["librosa-defaults", 2e-2],
  ])("%s within %d of librosa's", (name, tolerance) => {
    const [[, , fixture]] = cases("constantQ", (_, other) => other === name);
    expect(worst(fixture, "wasm", (_value, frame) => largest(frame))).toBeLessThan(tolerance);
  });
});
