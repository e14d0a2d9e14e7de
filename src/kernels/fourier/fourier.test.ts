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
import { resultWords, spectrogramKernel } from "./spectrogram.ts";
import {
  doubleTable,
  isTransformSize,
  leafPosition,
  leafSize,
  passLengths,
  transformTables,
} from "./transform-plan.ts";
import type { SpectrogramRequest } from "../requests.ts";

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
  {
    geometry: geometry({ fftSize: 100, padding: 50, hopLength: 30, frames: 7 }),
    result: "complex",
    bands: undefined,
  },
  {
    geometry: geometry({ fftSize: 72, padding: 36, frames: 20, padMode: "reflect" }),
    result: "magnitude",
    bands: FILTERS.length,
  },
  {
    geometry: geometry({ fftSize: 6, padding: 3, hopLength: 5, frames: 50 }),
    result: "power",
    bands: undefined,
  },
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
      doubleTable(window),
      ...transformTables(fftSize, lanes),
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

/**
 * Sizes that are one leaf, written out and summed; with leaves of odd and even length below passes; the smallest and the
 * largest, which have their own ways through caches.
 */
const SIZES = [
  ...[2, 4, 6, 8, 12, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768],
  ...[10, 20, 48, 56, 100, 400, 480, 882, 1200, 2046, 4800],
];

describe.each(CHECKED_TARGETS)(
  "bins of every size are the nearest floats, but for 1e-13 of the largest, on %s",
  (target) => {
    const traits = traitsOf(target);

    it.each(SIZES)("%i", (fftSize) => {
      const frames = 5;
      const hopLength = Math.max(1, Math.min(100, fftSize / 2));
      const samples = fftSize + (frames - 1) * hopLength;
      const request: SpectrogramRequest = {
        geometry: geometry({ batch: 1, fftSize, padding: 0, hopLength, frames, samples }),
        result: "complex",
        bands: undefined,
      };
      // Most bins are 120 dB below the loudest.
      const x = noise(samples, fftSize).map((value, i) => 1e-6 * value + 3 * Math.sin(i / 9));
      const window = Float64Array.from({ length: fftSize }, (_, i) => Math.sin((Math.PI * i) / fftSize) ** 2);
      const inputs = [x, doubleTable(window), ...transformTables(fftSize, traits.lanes)];
      const actual = run(spectrogramKernel(request, traits), target, inputs, frames * (fftSize + 2));
      // Both ends, the bins where passes meet, and some between.
      const quarters = [0, 1, 2, 3, 4].map((i) => Math.round((i * fftSize) / 8));
      const around = quarters.flatMap((k) => [k - 1, k, k + 1]);
      const inside = [...around, Math.round(fftSize / 56.5), 21, 30];
      const chosen = inside.filter((k) => k >= 0 && k <= fftSize / 2);
      const scale = 3 * window.reduce((sum, weight) => sum + weight, 0);
      for (const frame of [0, 3, 4]) {
        const windowed = frameOf(x, 0, frame, request.geometry).map((sample, i) => sample * window[i]);
        for (const k of chosen) {
          bin(windowed, k).forEach((value, part) => {
            const found = actual[frame * (fftSize + 2) + 2 * k + part];
            const rounding = 2 ** -24 * Math.abs(value);
            expect(Math.abs(found - value), `frame ${frame}, bin ${k}`).toBeLessThanOrEqual(
              rounding + 1e-13 * scale,
            );
          });
        }
      }
    });
  },
);

it.each(CHECKED_TARGETS)("spectra on %s have the bits that they have on the others", (target) => {
  const bits = (one: KernelTarget) =>
    (["complex", "magnitude", "power"] as const).flatMap((result) =>
      [64, 100].map((fftSize) => {
        const request = { geometry: geometry({ fftSize, frames: 9 }), result, bands: undefined };
        const traits = traitsOf(one);
        const tables = [doubleTable(noise(fftSize, 2)), ...transformTables(fftSize, traits.lanes)];
        return run(
          spectrogramKernel(request, traits),
          one,
          [noise(600, 1), ...tables],
          18 * resultWords(request),
        );
      }),
    );
  expect(bits(target)).toEqual(bits("wasm"));
});

describe("the plan of a transform", () => {
  it.each([64, 128, 2048, 32768, 400, 480, 882, 8])("of %i puts every leaf somewhere else", (fftSize) => {
    const leaf = leafSize(fftSize);
    const places = Array.from({ length: fftSize / leaf }, (_, sample) => leafPosition(fftSize, sample));
    expect([...places].sort((a, b) => a - b)).toEqual(places.map((_, i) => i * leaf));
    expect([...passLengths(fftSize), fftSize][0]).toBe(leaf);
    expect(4 * (passLengths(fftSize).at(-1) ?? fftSize / 4)).toBe(fftSize);
  });

  it("of 128 reads the digits of a leaf's first sample backwards", () => {
    // 16 leaves of 8: sample 6 = 2 + 4·1 is in quarter 2 (of 32), and in that one's quarter 1 (of 8).
    expect(leafPosition(128, 6)).toBe(2 * 32 + 1 * 8);
  });
});

describe("a size", () => {
  it("is even, and its leaves are short", () => {
    const sizes = [2, 10, 400, 2046, 2048, 4800, 32736, 32768];
    expect(sizes.map(isTransformSize)).toEqual(sizes.map(() => true));
    const others = [0, -2, 1, 511, 2.5, NaN, 2050, 4098, 65536];
    expect(others.map(isTransformSize)).toEqual(others.map(() => false));
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
