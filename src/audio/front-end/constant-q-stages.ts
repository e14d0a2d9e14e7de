/** @file The stages of the constant-Q transform; constant-q.ts defines it. */
import type { Tensor } from "../../graph/tensor.ts";
import { sqrt } from "../../ops/exponential.ts";
import { FilterBank, filterBank } from "../../ops/filter-bank.ts";
import { square } from "../../ops/power.ts";
import { reshape } from "../../ops/reshape.ts";
import { sum } from "../../ops/sum.ts";
import type { ConstantQConfig } from "./config.ts";
import { constantQFilters, type ConstantQFilters } from "./constant-q.ts";
import { levelOf, scaleAmplitudes } from "./decibels.ts";
import { centeredFraming } from "./frames.ts";
import { spectrumOf } from "./spectrum.ts";
import type { Stages } from "./stages.ts";
import { windowOf } from "./window.ts";

export function constantQStages(config: ConstantQConfig): Stages {
  const { hopLength, padMode, bins, scale, deltas } = config;
  const filters = constantQFilters(config);
  const { fftSize } = filters;
  const framing = centeredFraming(fftSize, hopLength, padMode);
  const window = windowOf("rectangular", fftSize);
  const bank = realBank(filters);
  return {
    framing,
    analyzed: bins,
    analyze(waveform: Tensor, padded: boolean): Tensor {
      const spectrum = spectrumOf(waveform, { fftSize, framing, window, output: "complex", padded });
      const [batch, frames] = spectrum.shape;
      const parts = filterBank(reshape(spectrum, [batch, frames, fftSize + 2]), bank);
      const magnitude = sqrt(sum(square(reshape(parts, [batch, frames, bins, 2])), 3));
      return scaleAmplitudes(magnitude, scale, 1);
    },
    level: levelOf(scale),
    deltas,
    bins,
    channels: 1,
  };
}

/**
 * The filters over a spectrum whose real and imaginary parts alternate: rows 2b and 2b + 1 give the real and the imaginary
 * part of frequency b, as a complex product does.
 */
function realBank({ fftSize, rows }: ConstantQFilters): FilterBank {
  const filters = rows.flatMap(({ firstBin, real, imaginary }) => {
    const alternate = (even: Float64Array, odd: Float64Array, sign: 1 | -1) => ({
      firstBin: 2 * firstBin,
      weights: Float32Array.from({ length: 2 * even.length }, (_, i) =>
        i % 2 === 0 ? even[i / 2] : sign * odd[(i - 1) / 2],
      ),
    });
    return [alternate(real, imaginary, -1), alternate(imaginary, real, 1)];
  });
  return new FilterBank(fftSize + 2, filters);
}
