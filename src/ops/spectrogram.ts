/**
 * @file The short-time Fourier transform of waveforms, and its derived quantities: magnitudes, powers, bands of a filter bank.
 *
 *   X[n, t, k] = Σ over i of window[i] · x[n, t·hopLength - padding + i] · e^(-2πi · k·i / fftSize)
 *
 * as librosa.stft and torch.stft define it (no normalisation), with time before frequency.
 */
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { SPECTROGRAM_TASK } from "../lowering/spectrogram.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import type { NumericArray } from "../tensor/array.ts";
import { asFilterBank, sumBands, type FilterBank } from "./filter-bank.ts";
import { reshape } from "./reshape.ts";
import {
  checkedShape,
  geometryOf,
  type SpectrogramOutput,
  type SpectrogramParameters,
} from "./spectrogram-parameters.ts";
import { forEachFrame } from "./spectrogram-reference.ts";

export const spectrogramPrimitive: Primitive<SpectrogramParameters> = defineOperation<SpectrogramParameters>({
  name: "spectrogram",
  shape: ([input], parameters) => checkedShape(input.shape, parameters),
  structure: ([input], parameters) => {
    const { output: result, window, filters: bank } = parameters;
    const geometry = geometryOf(input.shape, parameters);
    return { kind: "kernels", task: { kind: SPECTROGRAM_TASK, geometry, result, window, bank } };
  },
  reference: ([{ shape: inputShape, data }], parameters) => {
    const { output, window, filters } = parameters;
    const bins = parameters.fftSize / 2 + 1;
    const geometry = geometryOf(inputShape, parameters);
    const values = new Float64Array(geometry.batch * geometry.frames * bins * (output === "complex" ? 2 : 1));
    forEachFrame(data, window, geometry, (frame, re, im) => {
      for (let bin = 0; bin < bins; bin++) {
        const at = frame * bins + bin;
        if (output === "complex") values.set([re[bin], im[bin]], 2 * at);
        else values[at] = output === "power" ? re[bin] ** 2 + im[bin] ** 2 : Math.hypot(re[bin], im[bin]);
      }
    });
    return filters ? sumBands(values, filters) : values;
  },
});

export interface SpectrogramOptions {
  /**
   * Samples of a frame: an even number up to 2,048, or up to 32,768 if no odd number above 1,023 divides it. Fastest are
   * powers of two, then numbers with small odd divisors.
   */
  readonly fftSize: number;
  /** Samples from one frame to the next. Default: fftSize / 4. */
  readonly hopLength?: number;
  /** fftSize weights; a shorter window stands in their middle between zeros. */
  readonly window: ArrayLike<number>;
  /**
   * true (default): frame t has its middle at sample t·hopLength, and the waveform is padded by fftSize / 2 on both
   * sides; T = 1 + floor(samples / hopLength). false: frame t begins at sample t·hopLength;
   * T = 1 + floor((samples - fftSize) / hopLength).
   */
  readonly center?: boolean;
  /** The padding of `center`: zeros ("constant", the default) or the waveform mirrored at its ends ("reflect"). */
  readonly padMode?: "constant" | "reflect";
  /** Default "power". */
  readonly output?: SpectrogramOutput;
  /** A filter bank, or its matrix `[bands, bins]`, to apply to magnitudes or powers while they are in the cache. */
  readonly filters?: FilterBank | NumericArray;
}

const OPTIONS: OptionNames<SpectrogramOptions> = {
  fftSize: true,
  hopLength: true,
  window: true,
  center: true,
  padMode: true,
  output: true,
  filters: true,
};

/**
 * The short-time Fourier transform of waveforms `[N, S]` or `[N, S, 1]`: with F = fftSize / 2 + 1 bins, `[N, T, F]`
 * magnitudes |X| or powers |X|², `[N, T, F, 2]` real and imaginary parts ("complex"), or with `filters` the
 * `[N, T, bands]` of a filter bank. Bin k is at k·sampleRate / fftSize Hz. Not normalised, as librosa.stft.
 *
 * Differentiable; the magnitude's gradient is 0 where the magnitude is 0.
 *
 * @throws AuricleError "argument" for a size that is none of these, a window of another length, filters over
 *   another number of bins; "shape" when the samples are too few for one frame or for reflection (S > fftSize / 2).
 */
export function spectrogram(waveform: Tensor, options: SpectrogramOptions): Tensor {
  checkOptions("spectrogram", options, OPTIONS, "waveform, ");
  const { fftSize, hopLength = fftSize / 4, center = true, padMode = "constant" } = options;
  const { shape } = waveform;
  const flat = shape.length === 3 && shape[2] === 1 ? reshape(waveform, shape.slice(0, 2)) : waveform;
  return spectrogramPrimitive([flat], {
    fftSize,
    hopLength,
    padding: center ? fftSize / 2 : 0,
    padMode,
    output: options.output ?? "power",
    window: Float64Array.from(options.window),
    ...(options.filters && { filters: asFilterBank(options.filters) }),
  });
}
