/**
 * @file The constant-Q transform (Brown 1991), all of it at the waveform's own rate:
 *
 *   X[t, b] = √N_b / Σ w_b · Σ over j of w_b[j] · e^(2πi f_b j / sampleRate) · x[t · hopLength - j]
 *
 * with f_b = minFrequency · 2^(b / binsPerOctave), a Hann window w_b of N_b samples around j = 0, and
 * N_b = Q · sampleRate / f_b, Q = filterScale · (2^(2/binsPerOctave) + 1) / (2^(2/binsPerOctave) - 1). This is librosa.cqt
 * without its resampling: it takes lower octaves from waveforms at half the rate, whose anti-aliasing filter and shorter
 * windows move its results by what the tests state; it does not where hopLength is odd.
 *
 * It is computed by Parseval's theorem (Brown and Puckette 1992): one Fourier transform of each frame, and for each
 * frequency a sum over the few bins in which the spectrum of its filter is not negligible.
 */
import { AuricleError } from "../../errors.ts";
import type { ConstantQConfig } from "./config.ts";

/** Weights of neighbouring bins: zero elsewhere. */
export interface ComplexRow {
  readonly firstBin: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

export interface ConstantQFilters {
  /** A power of two, and no less than the longest filter. */
  readonly fftSize: number;
  /** One for each frequency: multiplied by a frame's spectrum and summed they give X. */
  readonly rows: readonly ComplexRow[];
}

/** Bins of 1 / N_b that a filter's spectrum is taken to on either side; a Hann window's main lobe has 2. */
const REACH = 32;
const MOST_SAMPLES = 32768;

type ConstantQGrid = Pick<ConstantQConfig, "bins" | "binsPerOctave" | "minFrequency">;

/** The frequencies f_b, in Hz. */
export function constantQFrequencies({ bins, binsPerOctave, minFrequency }: ConstantQGrid): Float64Array {
  return Float64Array.from({ length: bins }, (_, b) => minFrequency * 2 ** (b / binsPerOctave));
}

/** The lengths N_b, in samples; not whole numbers. */
export function constantQLengths(config: ConstantQConfig): Float64Array {
  const ratio = 2 ** (2 / config.binsPerOctave);
  const quality = (config.filterScale * (ratio + 1)) / (ratio - 1);
  return constantQFrequencies(config).map((frequency) => (quality * config.sampleRate) / frequency);
}

/** @throws AuricleError "argument" where the highest filter reaches over half the sample rate, or the lowest is too long. */
export function constantQFilters(config: ConstantQConfig): ConstantQFilters {
  const frequencies = constantQFrequencies(config);
  const lengths = constantQLengths(config);
  checkReach(config, frequencies, lengths);
  const fftSize = 2 ** Math.max(6, Math.ceil(Math.log2(lengths[0])));
  if (fftSize > MOST_SAMPLES) {
    throw new AuricleError(
      "argument",
      `front end: constant-Q filters must have at most ${MOST_SAMPLES} samples; minFrequency ${config.minFrequency} Hz with binsPerOctave ${config.binsPerOctave} needs ${Math.ceil(lengths[0])}; raise minFrequency or lower filterScale`,
    );
  }
  const rows = Array.from(frequencies, (frequency, b) => rowOf(config, frequency, lengths[b], fftSize));
  return { fftSize, rows };
}

function checkReach(config: ConstantQConfig, frequencies: Float64Array, lengths: Float64Array): void {
  const { sampleRate, bins } = config;
  // Half the equivalent noise bandwidth of a Hann window, 1.5 bins of 1 / N_b.
  const highest = frequencies[bins - 1] + (0.75 * sampleRate) / lengths[bins - 1];
  if (highest <= sampleRate / 2) return;
  throw new AuricleError(
    "argument",
    `front end: the highest of ${bins} constant-Q filters reaches to ${highest.toFixed(0)} Hz, over half of sampleRate, ${sampleRate / 2} Hz; take fewer bins`,
  );
}

/** The spectrum of w · e^(2πi f j / sampleRate) around its frequency. */
function rowOf(
  { sampleRate }: ConstantQConfig,
  frequency: number,
  length: number,
  fftSize: number,
): ComplexRow {
  // Samples j = first … first + count - 1, as librosa.filters.wavelet takes them.
  const first = Math.floor(-length / 2);
  const count = Math.floor(length / 2) - first;
  const center = (frequency * fftSize) / sampleRate;
  const reach = (REACH * fftSize) / length;
  const firstBin = Math.max(0, Math.ceil(center - reach));
  const lastBin = Math.min(fftSize / 2, Math.floor(center + reach));
  const real = new Float64Array(lastBin - firstBin + 1);
  const imaginary = new Float64Array(real.length);
  // Σ w = count / 2.
  const scale = (2 * Math.sqrt(length)) / (fftSize * count);
  for (let bin = firstBin; bin <= lastBin; bin++) {
    const angle = (2 * Math.PI * (center - bin)) / fftSize;
    // The middle of the frame is sample fftSize / 2: a factor of (-1)^bin.
    const sign = bin % 2 === 0 ? scale : -scale;
    // The window is ½ - ¼ e^(2πi m / count) - ¼ e^(-2πi m / count), m = j - first: three geometric sums.
    for (const [weight, side] of [
      [0.5, 0],
      [-0.25, 1],
      [-0.25, -1],
    ]) {
      const step = angle + (2 * Math.PI * side) / count;
      const phase = angle * first + (step * (count - 1)) / 2;
      const sum = sign * weight * dirichlet(step, count);
      real[bin - firstBin] += sum * Math.cos(phase);
      imaginary[bin - firstBin] += sum * Math.sin(phase);
    }
  }
  return { firstBin, real, imaginary };
}

/** sin(count · x / 2) / sin(x / 2): |Σ e^(i x m)| over m = 0 … count - 1, with its sign. */
function dirichlet(x: number, count: number): number {
  const half = Math.sin(x / 2);
  return Math.abs(half) < 1e-12 ? count : Math.sin((count * x) / 2) / half;
}
