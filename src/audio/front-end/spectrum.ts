/** @file Spectra of the frames of a waveform, padded as a front end asks for. */
import type { Tensor } from "../../graph/tensor.ts";
import { concat } from "../../ops/concat.ts";
import type { FilterBank } from "../../ops/filter-bank.ts";
import { reverse } from "../../ops/reverse.ts";
import { pad } from "../../ops/pad.ts";
import { slice } from "../../ops/slice-and-pad.ts";
import { spectrogram } from "../../ops/spectrogram.ts";
import type { Framing } from "./frames.ts";

/** "complex": real and imaginary parts as a last axis of 2; "power": the squared magnitude. */
export type SpectrumOutput = "complex" | "magnitude" | "power";

export interface SpectrumOptions {
  readonly fftSize: number;
  readonly framing: Framing;
  /** The window, fftSize numbers. */
  readonly window: Float64Array;
  readonly output: SpectrumOutput;
  /** Sums of neighbouring bins in place of the bins; not for complex spectra. */
  readonly filters?: FilterBank;
  /** Whether the waveform has been padded already. */
  readonly padded: boolean;
}

/** Spectra `[N, T, F]`, or `[N, T, F, 2]` for complex ones, of waveforms `[N, S]`; F = fftSize / 2 + 1 or the number of filters. */
export function spectrumOf(waveform: Tensor, options: SpectrumOptions): Tensor {
  const { fftSize, framing, window, output, filters, padded } = options;
  const { hopLength, padding, padMode } = framing;
  // What centred frames reach beyond the waveform needs no memory of its own.
  const center = !padded && padding[0] === fftSize / 2 && padding[1] === fftSize / 2;
  const frames = padded || center ? waveform : padWaveform(waveform, framing);
  return spectrogram(frames, { fftSize, hopLength, window, center, padMode, output, filters });
}

/** The waveforms `[N, S]` with zeros or their mirror images before and after them. */
function padWaveform(waveform: Tensor, { padding, padMode }: Framing): Tensor {
  const [before, after] = padding;
  if (before === 0 && after === 0) return waveform;
  if (padMode === "constant") return pad(waveform, [[0, 0], padding]);
  const [batch, samples] = waveform.shape;
  const left = reverse(slice(waveform, [0, 1], [batch, before]), 1);
  const right = reverse(slice(waveform, [0, samples - 1 - after], [batch, after]), 1);
  return concat([left, waveform, right], 1);
}
