import { describe, expect, it } from "vitest";
import { frontEndConfig, type FrontEndOptions } from "../../../../audio/front-end/config.ts";
import { FeatureExtractor } from "../../../../audio/front-end/feature-extractor.ts";
import { frontEnd } from "../../../../audio/front-end/front-end.ts";
import { Generator } from "../../../../random/generator.ts";
import { ClipExtractor } from "./clip-extractor.ts";

const random = new Generator(5);
const SIGNAL = Float32Array.from({ length: 9001 }, (_, i) => Math.sin(i * i * 1e-5) + 0.1 * random.normal());

/** All features of the signal, which comes in pieces of some length. */
function extracted(
  options: FrontEndOptions,
  pieceLength: number,
  segment?: number,
  minimumSamples = 1024,
): number[] {
  const extractor = new ClipExtractor(frontEndConfig(options), minimumSamples, segment);
  const features: number[] = [];
  // Twice, to see that nothing is left of the first clip.
  for (const length of [3000, SIGNAL.length]) {
    features.length = 0;
    extractor.begin({ append: (steps) => features.push(...steps) });
    for (let start = 0; start < length; start += pieceLength) {
      extractor.push(SIGNAL.subarray(start, Math.min(length, start + pieceLength)));
    }
    expect(extractor.finish()).toBe(length);
  }
  return features;
}

/** The front end's features of the whole signal at once. */
function whole(options: FrontEndOptions, signal = SIGNAL): number[] {
  return [...new FeatureExtractor(frontEnd(options), { threads: 1, target: "wasm" }).extract(signal)];
}

const fourier = { fftSize: 256, hopLength: 100 } as const;
const decibels = (topDb: number | null) => ({ kind: "decibels", topDb }) as const;

describe("a clip in segments", () => {
  it.each<[string, FrontEndOptions]>([
    ["a spectrogram", { kind: "spectrogram", ...fourier }],
    ["frames that are not centred", { kind: "spectrogram", ...fourier, center: false }],
    ["reflected edges", { kind: "spectrogram", ...fourier, padMode: "reflect" }],
    ["complex numbers", { kind: "complexSpectrogram", ...fourier }],
    [
      "mel bands in decibels without topDb",
      { kind: "melSpectrogram", ...fourier, melBands: 16, scale: decibels(null) },
    ],
    [
      "cepstra with deltas",
      { kind: "mfcc", ...fourier, melBands: 16, coefficients: 8, scale: decibels(null), deltas: {} },
    ],
    ["the waveform", { kind: "waveform" }],
  ])("has the same bits as at once: %s", (_, options) => {
    const expected = whole(options);
    for (const segment of [600, 1700, 9000, 20_000]) {
      expect(extracted(options, 777, segment)).toEqual(expected);
    }
  });

  it("relates topDb to each segment's largest value; a clip of one segment is as at once", () => {
    const options: FrontEndOptions = {
      kind: "melSpectrogram",
      ...fourier,
      melBands: 16,
      scale: decibels(20),
    };
    expect(extracted(options, 500, 10_000)).toEqual(whole(options));
    const parts = extracted(options, 500, 2000);
    expect(parts).toHaveLength(whole(options).length);
    // Steps 0 … 19, the first segment, whose largest value may also be in the context after it.
    const first = parts.slice(0, 20 * 16);
    expect(Math.min(...first)).toBeGreaterThanOrEqual(Math.max(...first) - 20);
  });
});

describe("a short clip", () => {
  it("is padded with silence before the front end sees it", () => {
    const options: FrontEndOptions = { kind: "melSpectrogram", ...fourier, melBands: 16 };
    const padded = new Float32Array(12_000);
    padded.set(SIGNAL);
    expect(extracted(options, 4000, undefined, 12_000)).toEqual(whole(options, padded));
  });
});
