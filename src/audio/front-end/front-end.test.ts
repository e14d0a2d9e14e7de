import { describe, expect, it } from "vitest";
import { compile } from "../../graph/compile.ts";
import { gradients, multiply, square, sum } from "../../ops/index.ts";
import { constantTensor } from "../../graph/sources.ts";
import { floatArray } from "../../tensor/array.ts";
import { expectClose } from "../../testing/compare.ts";
import { testValues } from "../../testing/values.ts";
import { axisStepsOf, frequenciesOf, windowSamples } from "./axes.ts";
import type { FrontEndOptions } from "./config.ts";
import { frontEnd } from "./front-end.ts";
import { FRONT_END_PRESETS } from "./presets.ts";
import { testSignal } from "./testing/signal.ts";

const small = { sampleRate: 8000, fftSize: 128, hopLength: 50 } as const;
const mel = { ...small, kind: "melSpectrogram", melBands: 12 } as const;

function run(options: FrontEndOptions, waveforms: readonly Float32Array[]): Float32Array {
  const shape = [waveforms.length, waveforms[0].length, 1];
  const front = frontEnd(options);
  const program = compile((x) => front.apply(x), [shape], { target: "wasm", threads: 1 });
  const data = Float32Array.from(waveforms.flatMap((waveform) => [...waveform]));
  return Float32Array.from(program(floatArray(data, shape)).data);
}

describe("shapes", () => {
  it.each<[FrontEndOptions, number, readonly number[]]>([
    [{ kind: "waveform" }, 1000, [1000, 1]],
    // 1 + floor(1000 / 50), 128 / 2 + 1
    [{ kind: "spectrogram", ...small }, 1000, [21, 65, 1]],
    [{ kind: "spectrogram", ...small, bins: 20 }, 1000, [21, 20, 1]],
    [{ kind: "complexSpectrogram", ...small }, 1000, [21, 65, 2]],
    // 1 + floor((1000 - 128) / 50)
    [{ ...mel, center: false }, 1000, [18, 12, 1]],
    // 1 + floor((1000 - 80) / 50)
    [{ ...mel, center: false, windowLength: 80, frameLength: "window" }, 1000, [19, 12, 1]],
    [{ ...mel, deltas: { order: 1 } }, 1000, [21, 12, 2]],
    [{ ...small, kind: "mfcc", deltas: {} }, 1000, [21, 20, 3]],
    // One sample is enough where frames are centred in zeros.
    [mel, 1, [1, 12, 1]],
    // 1 + floor(22050 / 512), seven octaves
    [{ kind: "constantQ" }, 22050, [44, 84, 1]],
    // The assignment: 120 frames of 129 bins.
    [{ kind: "spectrogram", fftSize: 256, hopLength: 64 }, 119 * 64, [120, 129, 1]],
    // 1 + floor((15600 - 400) / 160) frames of VGGish's 64 bands: 0.975 s.
    [FRONT_END_PRESETS.vggish, 15600, [96, 64, 1]],
    // musicnn: 187 frames of 96 bands in 3 s.
    [FRONT_END_PRESETS.musicnn, 47617, [187, 96, 1]],
    // Short-chunk CNN: 231 frames of 128 bands.
    [FRONT_END_PRESETS["short-chunk"], 59049, [231, 128, 1]],
  ])("%j of %d samples", (options, samples, shape) => {
    expect(frontEnd(options).outputShape(samples)).toEqual(shape);
  });

  it("name the axes", () => {
    expect(frontEnd(mel).axisNames).toEqual(["time", "frequency", "channel"]);
    expect(frontEnd({ kind: "waveform" }).axisNames).toEqual(["time", "channel"]);
  });

  it("refuse waveforms of another shape, and those too short", () => {
    const compiled = (options: FrontEndOptions, shape: readonly number[]) => () =>
      compile((x) => frontEnd(options).apply(x), [shape], { target: "reference" });
    expect(compiled(mel, [2, 1000])).toThrow(
      /must be \[batch, samples, 1\]; got \[2,1000\]; mix channels to one/,
    );
    expect(compiled(mel, [2, 1000, 2])).toThrow(/got \[2,1000,2\]/);
    expect(compiled({ ...mel, center: false }, [1, 127, 1])).toThrow(
      /at least 128 samples .* got 127; pad it/,
    );
    expect(compiled({ ...mel, padMode: "reflect" }, [1, 64, 1])).toThrow(/at least 65 samples .* got 64/);
    expect(() => frontEnd({ ...mel, deltas: {} }).outputShape(399)).toThrow(
      /9 frames need at least as many; got 8/,
    );
    expect(() => frontEnd({ kind: "waveform" }).outputShape(0)).toThrow(/at least one sample; got 0/);
  });
});

describe("the lowest bins", () => {
  const decibels = { kind: "decibels", reference: "max", topDb: 30 } as const;
  const options = { kind: "spectrogram", ...small, scale: decibels } as const;

  it("are those of all, also where the loudest is another", () => {
    const waveform = testSignal(1000, 8000).map((value, n) => value * 0.1 + Math.cos(n * Math.PI));
    const all = run(options, [waveform]);
    const lowest = run({ ...options, bins: 20 }, [waveform]);
    expect([...lowest]).toEqual([...all].filter((_, i) => i % 65 < 20));
  });

  it("have the frequencies of those of all, and are at least one and at most all", () => {
    const frequencies = frequenciesOf(frontEnd({ ...options, bins: 3 }));
    expect([...(frequencies ?? [])]).toEqual([0, 62.5, 125]);
    expect(() => frontEnd({ ...options, bins: 66 })).toThrow(/bins must be an integer not above 65; got 66/);
    expect(() => frontEnd({ ...options, bins: 0 })).toThrow(/bins must be an integer not below 1; got 0/);
  });
});

describe("each example of a batch", () => {
  it.each<[string, FrontEndOptions]>([
    ["has its own largest value", { ...mel, scale: { kind: "decibels", reference: "max", topDb: 20 } }],
    ["has its own floor", { ...mel, scale: { kind: "decibels", reference: 1, topDb: 20 } }],
    ["has its own deltas", { ...mel, deltas: {} }],
  ])("%s", (_, options) => {
    const loud = testSignal(900, 8000);
    const quiet = testSignal(1800, 8000)
      .slice(900)
      .map((x) => x / 50);
    const features = run(options, [loud, quiet]);
    expect([...features]).toEqual([...run(options, [loud]), ...run(options, [quiet])]);
  });
});

describe("silence", () => {
  it("is finite in every representation: amin, the offset and the logarithm of 1", () => {
    const silence = new Float32Array(2000);
    const decibels = { kind: "decibels" } as const;
    // 10 log10(1e-10) = -100 dB, 20 log10(1e-5) too; relative to the largest, which is the same, 0 dB.
    const values = (options: FrontEndOptions) => [...new Set(run(options, [silence]))];
    expect(values({ ...mel, scale: decibels })[0]).toBeCloseTo(-100, 4);
    expect(values({ kind: "spectrogram", ...small, scale: decibels })[0]).toBeCloseTo(-100, 4);
    expect(values({ ...mel, scale: { ...decibels, reference: "max" } })).toEqual([0]);
    expect(values({ ...mel, scale: { kind: "log10" } })).toEqual([0]);
    expect(values({ ...mel, scale: { kind: "naturalLog", offset: 0.01 } })[0]).toBeCloseTo(Math.log(0.01), 5);
    expect(values({ kind: "constantQ", sampleRate: 8000, bins: 24, minFrequency: 400 })).toEqual([0]);
  });
});

describe("gradients with respect to the waveform", () => {
  it.each<[string, FrontEndOptions]>([
    ["a mel spectrogram in decibels", { ...mel, scale: { kind: "decibels", topDb: null } }],
    [
      "magnitudes by a matrix",
      { kind: "spectrogram", sampleRate: 8000, fftSize: 30, hopLength: 17, padMode: "reflect" },
    ],
    ["MFCC with deltas", { ...small, kind: "mfcc", melBands: 16, coefficients: 5, deltas: { width: 3 } }],
    [
      "a constant-Q transform",
      { kind: "constantQ", sampleRate: 8000, bins: 12, minFrequency: 800, hopLength: 60 },
    ],
  ])("%s: kernels and reference loops agree within 1e-4", (_, options) => {
    const front = frontEnd(options);
    const gradientOf = (target: "wasm" | "reference") =>
      compile(
        (x) => {
          const features = front.apply(x);
          const weights = constantTensor(testValues("normal", features.shape, 3));
          return gradients(sum(multiply(square(features), weights)), [x])[0];
        },
        [[1, 300, 1]],
        { target, threads: 1 },
      )(floatArray(testSignal(300, 8000), [1, 300, 1])).data;
    const gradient = gradientOf("wasm");
    expect(gradient.some((value) => value !== 0)).toBe(true);
    expectClose(gradient, gradientOf("reference"), 1e-4, "gradient");
  });
});

describe("what axes mean", () => {
  it("bins have frequencies", () => {
    // 8000 / 128 Hz apart.
    expect(frequenciesOf(frontEnd({ kind: "spectrogram", ...small }))?.slice(0, 3)).toEqual(
      Float64Array.of(0, 62.5, 125),
    );
    const octaves = frequenciesOf(frontEnd({ kind: "constantQ", minFrequency: 110, bins: 25 }));
    expect([octaves?.[0], octaves?.[12], octaves?.[24]]).toEqual([110, 220, 440]);
    // Slaney's mel below 1 kHz: (2 + 1) steps over 900 Hz.
    const bands = frontEnd({ ...mel, melBands: 2, maxFrequency: 900 });
    expect([...(frequenciesOf(bands) ?? [])].map(Math.round)).toEqual([300, 600]);
    expect(frequenciesOf(frontEnd({ kind: "mfcc" }))).toBeUndefined();
  });

  it("steps have milliseconds and Hz, for summaries", () => {
    // 50 / 8000 s a frame, 128 / 8000 s a window, 8000 / 128 Hz a bin.
    expect(axisStepsOf(frontEnd({ kind: "spectrogram", ...small }))).toEqual([
      { unit: "ms", step: 6.25, width: 16 },
      { unit: "Hz", step: 62.5, width: 62.5 },
    ]);
    expect(axisStepsOf(frontEnd({ kind: "waveform", sampleRate: 8000 }))).toEqual([
      { unit: "ms", step: 0.125, width: 0.125 },
    ]);
    // A window and four neighbours on either side.
    expect(windowSamples(frontEnd({ ...mel, windowLength: 100, deltas: {} }))).toBe(100 + 8 * 50);
  });
});

describe("presets", () => {
  it.each(Object.entries(FRONT_END_PRESETS))("%s gives features of half a second", (_, options) => {
    const front = frontEnd(options);
    const samples = front.sampleRate / 2;
    const features = run(options, [testSignal(samples, front.sampleRate)]);
    expect(features.length).toBe(front.outputShape(samples).reduce((product, length) => product * length));
    expect(features.every(Number.isFinite)).toBe(true);
  });
});
