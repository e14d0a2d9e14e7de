/**
 * @file The short-time Fourier transform of waveforms, and what is made of it: magnitudes, powers, bands of a filter bank.
 *
 *   X[n, t, k] = Σ over i of window[i] · x[n, t·hopLength - padding + i] · e^(-2πi · k·i / fftSize)
 *
 * as librosa.stft and torch.stft define it (no normalisation), with time before frequency.
 */
import { Buffer } from "../graph/buffer.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import { constantTensor } from "../graph/sources.ts";
import type { Lowering } from "../graph/lowering.ts";
import type { Tensor } from "../graph/tensor.ts";
import { spectrogramKernel, spectrogramKey } from "../kernels/fourier/spectrogram.ts";
import { doubleTable, transformTables } from "../kernels/fourier/transform-plan.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { floatArray, type NumericArray } from "../tensor/array.ts";
import type { Shape } from "../tensor/shape.ts";
import { divide, greater, multiply } from "./arithmetic.ts";
import { sqrt } from "./exponential.ts";
import { asFilterBank, bankBuffers, filterBank, sumBands, type FilterBank } from "./filter-bank.ts";
import { square } from "./power.ts";
import { expandDims } from "./reshape-axes.ts";
import { reshape } from "./reshape.ts";
import { where } from "./select.ts";
import { overlapAdd, transposedInput, transposedOutput, unpad } from "./spectrogram-frames.ts";
import {
  checkedShape,
  geometryOf,
  type SpectrogramOutput,
  type SpectrogramParameters,
} from "./spectrogram-parameters.ts";
import { forEachFrame } from "./spectrogram-reference.ts";
import { sum } from "./sum.ts";

function table(initial: Float32Array | Int32Array): Buffer {
  return new Buffer(initial.length, { kind: "own", initial });
}

function lowerSpectrogram(lowering: Lowering, input: Shape, parameters: SpectrogramParameters): void {
  const { fftSize, output: result, window, filters } = parameters;
  const { machine, inputs, output, call } = lowering;
  const request = { geometry: geometryOf(input, parameters), result, bands: filters?.bands };
  const tables = [doubleTable(window), ...transformTables(fftSize, machine.lanes)].map(table);
  const reads = [...inputs, ...tables, ...(filters ? bankBuffers(filters) : [])];
  call(spectrogramKey(request), () => spectrogramKernel(request, machine), reads, [output]);
}

/** The gradient of the complex spectrogram of waveforms `[N, samples]`, given that of its bins. */
function waveformGradient(gradient: Tensor, input: Shape, parameters: SpectrogramParameters): Tensor {
  const { fftSize, hopLength, window } = parameters;
  const geometry = geometryOf(input, parameters);
  const { batch, samples, frames, padding } = geometry;
  // The frames, side by side as one waveform, are transformed one by one.
  const rows = reshape(transposedInput(gradient), [batch, frames * fftSize]);
  const transformed = spectrogramPrimitive([rows], {
    fftSize,
    hopLength: fftSize,
    padding: 0,
    padMode: "constant",
    output: "complex",
    window: new Float64Array(fftSize).fill(1),
  });
  const weights = constantTensor(floatArray(Float32Array.from(window), [1, 1, fftSize]));
  const windowed = multiply(transposedOutput(transformed), weights);
  return unpad(overlapAdd(windowed, hopLength, samples + 2 * padding), geometry);
}

/** The gradient of the bins, `[N, T, F, 2]`, given that of their powers or magnitudes: 2·X or X / |X|, 0 at 0. */
function binGradient(gradient: Tensor, bins: Tensor, output: "magnitude" | "power"): Tensor {
  const each = expandDims(gradient, 3);
  if (output === "power") return multiply(multiply(each, 2), bins);
  const power = sum(square(bins), 3, true);
  return multiply(each, divide(bins, sqrt(where(greater(power, 0), power, 1))));
}

export const spectrogramPrimitive: Primitive<SpectrogramParameters> = defineOperation<SpectrogramParameters>({
  name: "spectrogram",
  shape: ([input], parameters) => checkedShape(input.shape, parameters),
  structure: ([input], parameters) => ({
    kind: "kernels",
    fusesEpilogue: false,
    lower: (lowering) => lowerSpectrogram(lowering, input.shape, parameters),
  }),
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
  gradient: (outputGradient, [input], parameters) => {
    const { output, filters, ...rest } = parameters;
    if (output === "complex") return [waveformGradient(outputGradient, input.shape, parameters)];
    const gradient = filters ? filterBank(outputGradient, filters.transposed()) : outputGradient;
    const bins = spectrogramPrimitive([input], { ...rest, output: "complex" });
    return [waveformGradient(binGradient(gradient, bins, output), input.shape, parameters)];
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
