/** @file The stages of the front ends that rest on a short-time Fourier transform. */
import { constantTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { FilterBank } from "../../ops/filter-bank.ts";
import { matmul } from "../../ops/matmul.ts";
import { reshape } from "../../ops/reshape.ts";
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
  const { fftSize, power, scale, deltas } = config;
  const spectrum = spectrumBy(config, power === 2 ? "power" : "magnitude");
  const bins = fftSize / 2 + 1;
  return {
    framing: framingOf(config),
    analyzed: bins,
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
  const rows = Float32Array.from(cosineTransform({ bands, coefficients, norm, lifter }));
  return {
    ...melSpectrogramStages(config),
    project(features) {
      const [batch, frames] = features.shape;
      const matrix = constantTensor(floatArray(rows, [coefficients, bands]));
      const product = matmul(reshape(features, [batch * frames, bands]), matrix, { transposeB: true });
      return reshape(product, [batch, frames, coefficients]);
    },
    bins: coefficients,
  };
}

function spectrumBy(config: FourierConfig, output: SpectrumOutput, filters?: FilterBank) {
  const { fftSize, window, windowLength } = config;
  const framing = framingOf(config);
  const weights = centerWindow(windowOf(window, windowLength), fftSize);
  return (waveform: Tensor, padded: boolean): Tensor =>
    spectrumOf(waveform, { fftSize, framing, window: weights, output, filters, padded });
}
