/** @file The stages of the front ends that rest on a short-time Fourier transform. */
import type { Tensor } from "../../graph/tensor.ts";
import { FilterBank } from "../../ops/filter-bank.ts";
import { filterFrames, FrameFilters } from "../../ops/frame-filters.ts";
import { reshape } from "../../ops/reshape.ts";
import { slice } from "../../ops/slice-and-pad.ts";
import { floatArray } from "../../tensor/array.ts";
import type {
  ComplexSpectrogramConfig,
  MelSpectrogramConfig,
  MfccConfig,
  SpectrogramConfig,
} from "./config.ts";
import { cosineTransform } from "./cosine-transform.ts";
import { levelOf, scaleAmplitudes } from "./decibels.ts";
import { framingOf } from "./frames.ts";
import { melFilterBank } from "./mel.ts";
import { spectrumOf, type SpectrumOutput } from "./spectrum.ts";
import type { Stages } from "./stages.ts";
import { centerWindow, windowOf } from "./window.ts";

type FourierConfig = ComplexSpectrogramConfig | SpectrogramConfig | MelSpectrogramConfig | MfccConfig;

export function complexSpectrogramStages(config: ComplexSpectrogramConfig): Stages {
  const bins = config.fftSize / 2 + 1;
  return {
    framing: framingOf(config),
    analyzed: bins * 2,
    analyze: spectrumBy(config, "complex"),
    deltas: null,
    bins,
    channels: 2,
  };
}

export function spectrogramStages(config: SpectrogramConfig): Stages {
  const { fftSize, power, scale, deltas, bins } = config;
  const spectrum = spectrumBy(config, power === 2 ? "power" : "magnitude");
  const analyzed = fftSize / 2 + 1;
  return {
    framing: framingOf(config),
    analyzed,
    // Bins are left out last: the loudest of all of them is the level of an example.
    ...(bins < analyzed && { project: (features: Tensor) => slice(features, [0, 0, 0], [-1, -1, bins]) }),
    analyze: (waveform, padded) => scaleAmplitudes(spectrum(waveform, padded), scale, power),
    level: levelOf(scale),
    deltas,
    bins,
    channels: 1,
  };
}

export function melSpectrogramStages(config: MelSpectrogramConfig | MfccConfig): Stages {
  const { power, scale, deltas, melBands, fftSize } = config;
  const weights = floatArray(Float32Array.from(melFilterBank(config)), [melBands, fftSize / 2 + 1]);
  const bands = spectrumBy(config, power === 2 ? "power" : "magnitude", FilterBank.fromMatrix(weights));
  return {
    framing: framingOf(config),
    analyzed: melBands,
    analyze: (waveform, padded) => scaleAmplitudes(bands(waveform, padded), scale, power),
    level: levelOf(scale),
    deltas,
    bins: melBands,
    channels: 1,
  };
}

/** Mel bands whose logarithms are decorrelated by a cosine transform (Davis and Mermelstein 1980). */
export function mfccStages(config: MfccConfig): Stages {
  const { melBands: bands, coefficients, dctNorm: norm, lifter } = config;
  const filters = pairedFilters(cosineTransform({ bands, coefficients, norm, lifter }), bands);
  return {
    ...melSpectrogramStages(config),
    project(features) {
      const [batch, frames] = features.shape;
      const rows = reshape(features, [batch, frames * bands]);
      const pairs = filterFrames(rows, { filters, hopLength: bands, padding: 0, padMode: "constant" });
      const numbers = reshape(pairs, [batch, frames, 2 * filters.filters.length]);
      return coefficients % 2 === 0 ? numbers : slice(numbers, [0, 0, 0], [batch, frames, coefficients]);
    },
    bins: coefficients,
  };
}

/**
 * The rows of a matrix over `bands` numbers, each two of them as the real and the imaginary part of one filter: sums in double
 * precision, for levels of silence are far from 0 dB and all but cancel in most coefficients.
 */
function pairedFilters(matrix: Float64Array, bands: number): FrameFilters {
  const row = (n: number) => {
    const found = matrix.subarray(n * bands, (n + 1) * bands);
    return found.length > 0 ? found : new Float64Array(bands);
  };
  const pairs = Math.ceil(matrix.length / bands / 2);
  const filters = Array.from({ length: pairs }, (_, i) => ({
    first: 0,
    real: row(2 * i),
    imaginary: row(2 * i + 1),
  }));
  return new FrameFilters(bands, filters);
}

function spectrumBy(config: FourierConfig, output: SpectrumOutput, filters?: FilterBank) {
  const { fftSize, window, windowLength } = config;
  const framing = framingOf(config);
  const weights = centerWindow(windowOf(window, windowLength), fftSize);
  return (waveform: Tensor, padded: boolean): Tensor =>
    spectrumOf(waveform, { fftSize, framing, window: weights, output, filters, padded });
}
