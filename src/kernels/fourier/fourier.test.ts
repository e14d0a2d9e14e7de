/** @file The kernels of this folder against the definitions, on buffers with guards and on vectors of any width. */
import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../../random/generator.ts";
import { traitsOf, type KernelTarget } from "../../runtime/target.ts";
import { CHECKED_TARGETS } from "../../testing/check-operation.ts";
import { expectClose } from "../../testing/compare.ts";
import type { Kernel } from "../kernel.ts";
import { runKernel } from "../testing/run-kernel.ts";
import { rangeTable, weightTable, type BandFilter } from "./band-sums.ts";
import { filterBankKernel } from "./filter-bank.ts";
import { innerFrames, type FrameGeometry } from "./geometry.ts";
import { overlapAddKernel } from "./overlap-add.ts";
import { resultWords, spectrogramKernel, type SpectrogramRequest } from "./spectrogram.ts";
import { leafPosition, leafSize, leafTable, passLengths, twiddleTable } from "./transform-plan.ts";

function run(
  kernel: Kernel,
  target: KernelTarget,
  inputs: readonly (Float32Array | Int32Array)[],
  words: number,
): Float32Array {
  return runKernel(kernel, target, inputs, [words], new Generator(deriveKey("fourier", words))).outputs[0];
}

function noise(length: number, seed: number): Float32Array {
  const g = new Generator(deriveKey("noise", seed));
  return Float32Array.from({ length }, () => g.normal());
}

/** Σ x[i]·e^(-2πi·k·i/N) for one bin. */
function bin(frame: ArrayLike<number>, k: number): [number, number] {
  let [re, im] = [0, 0];
  for (let i = 0; i < frame.length; i++) {
    // Reduced first, so that large products lose nothing.
    const angle = (2 * Math.PI * ((k * i) % frame.length)) / frame.length;
    re += frame[i] * Math.cos(angle);
    im -= frame[i] * Math.sin(angle);
  }
  return [re, im];
}

function frameOf(x: Float32Array, example: number, frame: number, g: FrameGeometry): number[] {
  const waveform = x.subarray(example * g.samples, (example + 1) * g.samples);
  return Array.from({ length: g.fftSize }, (_, i) => {
    const at = frame * g.hopLength - g.padding + i;
    if (at >= 0 && at < g.samples) return waveform[at];
    if (g.padMode === "constant") return 0;
    return waveform[at < 0 ? -at : 2 * (g.samples - 1) - at];
  });
}

const FILTERS: readonly BandFilter[] = [
  { firstBin: 0, weights: Float32Array.of(1, -2, 0.5) },
  { firstBin: 7, weights: new Float32Array(0) },
  { firstBin: 2, weights: Float32Array.from({ length: 30 }, (_, i) => 1 / (i + 1)) },
  { firstBin: 31, weights: Float32Array.of(3) },
  { firstBin: 5, weights: Float32Array.of(1, 2, 3, 4) },
];

function definition({ geometry, result, bands }: SpectrogramRequest, x: Float32Array, window: Float32Array) {
  const rows: number[] = [];
  for (let example = 0; example < geometry.batch; example++) {
    for (let frame = 0; frame < geometry.frames; frame++) {
      const windowed = frameOf(x, example, frame, geometry).map((sample, i) => sample * window[i]);
      const bins = Array.from({ length: geometry.fftSize / 2 + 1 }, (_, k) => bin(windowed, k));
      const values = bins.map(([re, im]) => (result === "power" ? re * re + im * im : Math.hypot(re, im)));
      if (result === "complex") rows.push(...bins.flat());
      else if (bands === undefined) rows.push(...values);
      else {
        for (const { firstBin, weights } of FILTERS)
          rows.push(weights.reduce((sum, weight, i) => sum + weight * values[firstBin + i], 0));
      }
    }
  }
  return rows;
}

function geometry(changes: Partial<FrameGeometry>): FrameGeometry {
  const fftSize = 64;
  return { batch: 2, samples: 300, frames: 19, fftSize, hopLength: 16, padding: 32, padMode: "constant", ...changes }; // prettier-ignore
}

const REQUESTS: readonly SpectrogramRequest[] = [
  { geometry: geometry({}), result: "complex", bands: undefined },
  { geometry: geometry({ padMode: "reflect" }), result: "power", bands: undefined },
  { geometry: geometry({ padMode: "reflect", frames: 7 }), result: "magnitude", bands: FILTERS.length },
  { geometry: geometry({ fftSize: 128, padding: 0, frames: 3, hopLength: 71 }), result: "complex", bands: undefined }, // prettier-ignore
  { geometry: geometry({ fftSize: 128, padding: 64, samples: 20, frames: 2 }), result: "power", bands: FILTERS.length }, // prettier-ignore
  { geometry: geometry({ batch: 3, samples: 33, frames: 3, padMode: "reflect" }), result: "complex", bands: undefined }, // prettier-ignore
];

describe.each(CHECKED_TARGETS)("on %s", (target) => {
  const traits = traitsOf(target);
  const { lanes } = traits;

  it.each(REQUESTS)("spectrogram $result, bands $bands, of $geometry equals the definition", (request) => {
    const { batch, samples, frames, fftSize } = request.geometry;
    const x = noise(batch * samples, 1);
    const window = noise(fftSize, 2);
    const inputs: (Float32Array | Int32Array)[] = [
      x,
      window,
      twiddleTable(fftSize),
      leafTable(fftSize, lanes),
    ];
    if (request.bands) inputs.push(rangeTable(FILTERS), weightTable(FILTERS));
    const words = batch * frames * resultWords(request);
    const actual = run(spectrogramKernel(request, traits), target, inputs, words);
    expectClose(actual, definition(request, x, window), 1e-6, "spectrogram");
  });

  it.each([1, 5, 8, 17])("filter bank over %i rows equals the definition", (rows) => {
    const x = noise(rows * 32, 3);
    const request = { rows, bins: 32, bands: FILTERS.length };
    const inputs = [x, rangeTable(FILTERS), weightTable(FILTERS)];
    const actual = run(filterBankKernel(request, traits), target, inputs, rows * FILTERS.length);
    const expected = Array.from({ length: rows }, (_, row) =>
      FILTERS.map(({ firstBin, weights }) =>
        weights.reduce((sum, weight, i) => sum + weight * x[row * 32 + firstBin + i], 0),
      ),
    );
    expectClose(actual, expected.flat(), 1e-6, "filter bank");
  });

  it.each([
    { batch: 2, frames: 5, frameLength: 20, hopLength: 7, samples: 61 },
    { batch: 1, frames: 3, frameLength: 4, hopLength: 9, samples: 22 },
    { batch: 1, frames: 9, frameLength: 32, hopLength: 16, samples: 160 },
  ])("overlap-add of $frames frames of $frameLength equals the definition", (request) => {
    const { batch, frames, frameLength, hopLength, samples } = request;
    const x = noise(batch * frames * frameLength, 4);
    const expected = new Float64Array(batch * samples);
    x.forEach((value, i) => {
      const frame = Math.floor(i / frameLength);
      const first = Math.floor(frame / frames) * samples + (frame % frames) * hopLength;
      expected[first + (i % frameLength)] += value;
    });
    expectClose(run(overlapAddKernel(request, traits), target, [x], batch * samples), expected, 1e-6, "sum");
  });
});

/** The smallest and the largest of the kernel's sizes have their own ways through caches. */
describe.each(CHECKED_TARGETS)(
  "transforms of every size have an error below 5e-7 of the largest bin on %s",
  (target) => {
    const traits = traitsOf(target);

    it.each([64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768])("%i", (fftSize) => {
      const frames = 5;
      const request: SpectrogramRequest = {
        geometry: geometry({ batch: 1, fftSize, padding: 0, hopLength: 100, frames, samples: fftSize + 400 }),
        result: "complex",
        bands: undefined,
      };
      const x = noise(fftSize + 400, fftSize).map((value, i) => value + 3 * Math.sin(i / 9));
      const window = Float32Array.from({ length: fftSize }, (_, i) => Math.sin((Math.PI * i) / fftSize) ** 2);
      const inputs = [x, window, twiddleTable(fftSize), leafTable(fftSize, traits.lanes)];
      const kernel = spectrogramKernel(request, traits);
      const actual = run(kernel, target, inputs, frames * (fftSize + 2));
      // Both ends, the bins where passes meet, and some between.
      const quarters = [0, 1, 2, 3, 4].map((i) => (i * fftSize) / 8);
      const around = quarters.flatMap((k) => [k - 1, k, k + 1]).filter((k) => k >= 0 && k <= fftSize / 2);
      const chosen = [...around, Math.round(fftSize / 56.5), 21, 30];
      for (const frame of [0, 3, 4]) {
        const windowed = frameOf(x, 0, frame, request.geometry).map((sample, i) => sample * window[i]);
        const expected = chosen.flatMap((k) => bin(windowed, k));
        const found = chosen.flatMap((k) => {
          const at = frame * (fftSize + 2) + 2 * k;
          return [actual[at], actual[at + 1]];
        });
        expectClose(found, expected, 5e-7, `frame ${frame}`);
      }
    });
  },
);

describe("the plan of a transform", () => {
  it.each([64, 128, 2048, 32768])("of %i puts every leaf somewhere else", (fftSize) => {
    const leaf = leafSize(fftSize);
    const places = Array.from({ length: fftSize / leaf }, (_, sample) => leafPosition(fftSize, sample));
    expect([...places].sort((a, b) => a - b)).toEqual(places.map((_, i) => i * leaf));
    expect(passLengths(fftSize)[0]).toBe(leaf);
    expect(4 * (passLengths(fftSize).at(-1) ?? 0)).toBe(fftSize);
  });

  it("of 128 reads the digits of a leaf's first sample backwards", () => {
    // 16 leaves of 8: sample 6 = 2 + 4·1 is in quarter 2 (of 32), and in that one's quarter 1 (of 8).
    expect(leafPosition(128, 6)).toBe(2 * 32 + 1 * 8);
  });
});

describe("frames that lie inside the waveform", () => {
  it.each([
    // Frame t covers 16t - 32 … 16t + 31 of 300 samples: first 2, last 16 (224 … 287).
    [geometry({}), { first: 2, end: 17 }],
    [geometry({ padding: 0, frames: 15 }), { first: 0, end: 15 }],
    // 40 samples hold no frame of 64.
    [geometry({ samples: 40, frames: 3 }), { first: 2, end: 2 }],
  ])("%o", (frames, expected) => {
    expect(innerFrames(frames)).toEqual(expected);
  });
});
