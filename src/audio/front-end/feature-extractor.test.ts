import { describe, expect, it } from "vitest";
import { compile } from "../../graph/compile.ts";
import { FRONT_END_PRESETS } from "./presets.ts";
import type { TargetName } from "../../runtime/target.ts";
import { floatArray } from "../../tensor/array.ts";
import type { FrontEndOptions } from "./config.ts";
import { FeatureExtractor } from "./feature-extractor.ts";
import { frontEnd, type FrontEnd } from "./front-end.ts";
import { testSignal } from "./testing/signal.ts";

function wholeClip(front: FrontEnd, waveform: Float32Array, target?: TargetName): Float32Array | Int32Array {
  const shape = [1, waveform.length, 1];
  return compile((x) => front.apply(x), [shape], { target, threads: 1 })(floatArray(waveform, shape)).data;
}

const small = { sampleRate: 8000, fftSize: 256, hopLength: 60 } as const;
const mel = { ...small, kind: "melSpectrogram", melBands: 21 } as const;
const relative = { kind: "decibels", reference: "max", topDb: 40 } as const;

const CASES: Readonly<Record<string, FrontEndOptions>> = {
  waveform: { kind: "waveform" },
  "complex spectrogram": { kind: "complexSpectrogram", ...small },
  "mirrored edges": { kind: "spectrogram", ...small, padMode: "reflect", power: 2 },
  "frames as long as the window": { ...mel, windowLength: 200, center: false, frameLength: "window" },
  "frames without padding": { ...mel, windowLength: 200, center: false },
  "the lowest bins": { kind: "spectrogram", ...small, bins: 37, scale: relative },
  "the lowest bins, with deltas": { kind: "spectrogram", ...small, bins: 5, deltas: { order: 1, width: 5 } },
  "no power of two": { kind: "spectrogram", sampleRate: 8000, fftSize: 150, hopLength: 70 },
  "decibels of the largest": { ...mel, scale: relative },
  "decibels above the largest less 25": { ...mel, scale: { kind: "decibels", topDb: 25.3, reference: 0.7 } },
  "MFCC of clipped decibels": { ...small, kind: "mfcc", melBands: 40, scale: relative },
  "deltas, interpolated": { ...small, kind: "mfcc", coefficients: 13, melBands: 40, deltas: {} },
  "deltas, edges repeated": { ...mel, deltas: { order: 1, width: 5, mode: "nearest" } },
  "constant-Q": {
    kind: "constantQ",
    sampleRate: 8000,
    hopLength: 100,
    minFrequency: 200,
    bins: 40,
    scale: relative,
  },
};

describe("features by blocks are those of the whole clip, bit for bit", () => {
  it.each(Object.entries(CASES))("%s", (_, options) => {
    const front = frontEnd(options);
    const extractor = new FeatureExtractor(front, { blockFrames: 7, threads: 1 });
    // Fewer frames than a block, a few blocks, one frame more.
    for (const samples of [601, 1261, 3333, 3360]) {
      const waveform = testSignal(samples, front.sampleRate);
      const features = extractor.extract(waveform);
      expect(features).toEqual(wholeClip(front, waveform));
      expect(features.length).toBe(front.outputShape(samples).reduce((product, length) => product * length));
    }
  });

  it("at the default number of frames, on two threads", () => {
    const front = frontEnd(FRONT_END_PRESETS["librosa-mfcc"]);
    const waveform = testSignal(40000, front.sampleRate);
    const features = new FeatureExtractor(front, { threads: 2 }).extract(waveform);
    expect(features).toEqual(wholeClip(front, waveform));
  });

  it("on the reference loops", () => {
    const front = frontEnd({ ...mel, scale: relative });
    const waveform = testSignal(1000, front.sampleRate);
    const extractor = new FeatureExtractor(front, { blockFrames: 5, target: "reference" });
    // The loops keep double precision between operations, blocks round in between: half a unit in the last place.
    const whole = wholeClip(front, waveform, "reference");
    extractor.extract(waveform).forEach((value, i) => expect(value).toBeCloseTo(whole[i], 5));
  });
});

describe("a feature extractor", () => {
  it("gives the same for a clip again, whatever came between", () => {
    const extractor = new FeatureExtractor(frontEnd({ ...mel, scale: relative }), { threads: 1 });
    const quiet = testSignal(2000, 8000).map((x) => x / 100);
    const first = extractor.extract(quiet);
    extractor.extract(testSignal(5000, 8000));
    expect(extractor.extract(quiet)).toEqual(first);
  });

  it("leaves the waveform alone and gives an array of its own", () => {
    const waveform = testSignal(100, 8000);
    const copy = new FeatureExtractor(frontEnd({ kind: "waveform" })).extract(waveform);
    copy.fill(0);
    expect(waveform).toEqual(testSignal(100, 8000));
  });

  it("refuses clips that are too short, with what to do", () => {
    const deltas = new FeatureExtractor(frontEnd({ ...mel, deltas: {} }), { threads: 1 });
    expect(() => deltas.extract(new Float32Array(479))).toThrow(
      /deltas over 9 frames need at least as many; got 8; use a longer clip or mode "nearest"/,
    );
    expect(() => deltas.extract(new Float32Array(0))).toThrow(/a waveform has at least one sample; got 0/);
    expect(() => new FeatureExtractor(frontEnd(mel), { blockFrames: 0 })).toThrow(
      /blockFrames must be a positive integer; got 0/,
    );
  });

  it("takes sound at its front end's rate, and refuses sound at another", () => {
    const samples = testSignal(5000, 8000);
    const front = frontEnd({ kind: "waveform", sampleRate: 8000 });
    const extractor = new FeatureExtractor(front);
    expect(extractor.extract({ samples, sampleRate: 8000 })).toEqual(samples);
    expect(() => extractor.extract({ samples, sampleRate: 44_100 })).toThrow(
      "feature extractor: the front end takes audio at 8000 Hz; got 44100 Hz; convert it with resample(audio, 8000)",
    );
  });
});
