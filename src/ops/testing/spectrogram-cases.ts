/** @file Test cases for spectrograms: the plans of all sizes, borders on both sides, frames around the vector width. */
import type { Cases } from "../../graph/case.ts";
import { FilterBank } from "../filter-bank.ts";
import type { SpectrogramParameters } from "../spectrogram-parameters.ts";

/** Weights that are not symmetric, so that a window read backwards shows. */
function testWindow(fftSize: number): Float64Array {
  return Float64Array.from(
    { length: fftSize },
    (_, i) => Math.sin((Math.PI * (i + 0.5)) / fftSize) * (1 + i / fftSize),
  );
}

function parametersOf(fftSize: number, options: Partial<SpectrogramParameters> = {}): SpectrogramParameters {
  return {
    fftSize,
    hopLength: fftSize / 4,
    padding: fftSize / 2,
    padMode: "constant",
    output: "complex",
    window: testWindow(fftSize),
    ...options,
  };
}

/** Triangles over neighbouring bands, as mel filters, and an empty one. */
function triangles(bins: number, bands: number): FilterBank {
  const width = bins / (bands + 1);
  const filters = Array.from({ length: bands }, (_, band) => {
    const firstBin = Math.ceil(band * width);
    const count = band === 1 ? 0 : Math.floor((band + 2) * width) - firstBin;
    const weights = Float32Array.from({ length: count }, (_, i) => {
      return 1 - Math.abs((firstBin + i) / width - band - 1);
    });
    return { firstBin, weights };
  });
  return new FilterBank(bins, filters);
}

const LONG = "the same rule as for shorter transforms, and many of them to run";

export const spectrogramCases: Cases<SpectrogramParameters> = () => [
  // Even and odd powers of two, one pass and several; one frame, a block of frames and more.
  { shapes: [[2, 200]], parameters: parametersOf(64) },
  { shapes: [[1, 64]], parameters: parametersOf(64, { padding: 0 }) },
  { shapes: [[3, 333]], parameters: parametersOf(128, { padMode: "reflect", hopLength: 37 }) },
  { shapes: [[1, 1]], parameters: parametersOf(128) },
  { shapes: [[1, 65]], parameters: parametersOf(128, { padMode: "reflect" }) },
  { shapes: [[1, 700]], parameters: parametersOf(256, { hopLength: 300, padding: 0 }) },
  {
    shapes: [[1, 1200]],
    parameters: parametersOf(512, { hopLength: 128, padMode: "reflect" }),
    withoutGradient: LONG,
  },
  { shapes: [[1, 1500]], parameters: parametersOf(1024, { hopLength: 500 }), withoutGradient: LONG },
  // Shorter than a frame: zeros on both sides.
  { shapes: [[2, 50]], parameters: parametersOf(256) },
  // Every sample.
  { shapes: [[1, 70]], parameters: parametersOf(64, { hopLength: 1, padding: 0 }) },
  { shapes: [[2, 300]], parameters: parametersOf(64, { output: "power" }) },
  { shapes: [[2, 300]], parameters: parametersOf(128, { output: "magnitude", padMode: "reflect" }) },
  { shapes: [[2, 300]], parameters: parametersOf(64, { output: "power", filters: triangles(33, 7) }) },
  { shapes: [[1, 999]], parameters: parametersOf(256, { output: "magnitude", filters: triangles(129, 20) }) },
  // Sizes with odd divisors: one leaf, and passes over leaves of odd and even length.
  { shapes: [[2, 60]], parameters: parametersOf(30, { hopLength: 7 }) },
  { shapes: [[1, 210]], parameters: parametersOf(144, { padMode: "reflect", hopLength: 50 }) },
  { shapes: [[1, 90]], parameters: parametersOf(40, { output: "power", filters: triangles(21, 5) }) },
  { shapes: [[1, 30]], parameters: parametersOf(2, { hopLength: 3 }) },
  // More bands than samples in a frame.
  { shapes: [[1, 90]], parameters: parametersOf(64, { output: "power", filters: triangles(33, 90) }) },
];
