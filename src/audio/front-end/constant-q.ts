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
 * It is summed as it stands, in double precision: filters of higher frequencies are short, so that all of them together cost less
 * than the sums over spectra that take their place elsewhere (Brown and Puckette 1992), and nothing has to be neglected.
 */
import { AuricleError } from "../../errors.ts";
import type { ConstantQConfig } from "./config.ts";

/** Weights of neighbouring samples of a frame: zero elsewhere. */
export interface ComplexRow {
  /** The sample of the first weight. */
  readonly first: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

export interface ConstantQFilters {
  /** In samples: an even number, no less than the longest filter. Frame t has its middle at sample t · hopLength. */
  readonly frameLength: number;
  /** One for each frequency: multiplied by a frame's samples and summed they give X. */
  readonly rows: readonly ComplexRow[];
}

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
  const frameLength = 2 * Math.ceil(lengths[0] / 2);
  if (frameLength > MOST_SAMPLES) {
    throw new AuricleError(
      "argument",
      `front end: constant-Q filters must have at most ${MOST_SAMPLES} samples; minFrequency ${config.minFrequency} Hz with binsPerOctave ${config.binsPerOctave} needs ${Math.ceil(lengths[0])}; raise minFrequency or lower filterScale`,
    );
  }
  const rows = Array.from(frequencies, (frequency, b) => rowOf(config, frequency, lengths[b], frameLength));
  return { frameLength, rows };
}

function checkReach(config: ConstantQConfig, frequencies: Float64Array, lengths: Float64Array): void {
  const { sampleRate, bins } = config;
  // Half the equivalent noise bandwidth of a Hann window, 1.5 bins of 1 / N_b.
  const highest = frequencies[bins - 1] + (0.75 * sampleRate) / lengths[bins - 1];
  if (highest <= sampleRate / 2) return;
  throw new AuricleError(
    "argument",
    `front end: the highest of ${bins} constant-Q filters reaches to ${highest.toFixed(0)} Hz, above half of sampleRate, ${sampleRate / 2} Hz; use fewer bins`,
  );
}

/** The weights √N_b / Σ w · w[j] · e^(2πi f j / sampleRate) of the samples -j. */
function rowOf(
  { sampleRate }: ConstantQConfig,
  frequency: number,
  length: number,
  frameLength: number,
): ComplexRow {
  // Samples j = first … first + count - 1, as librosa.filters.wavelet takes them; the window is 0 at the first.
  const first = Math.floor(-length / 2);
  const count = Math.floor(length / 2) - first;
  // Σ w = count / 2.
  const scale = (2 * Math.sqrt(length)) / count;
  const real = new Float64Array(count - 1);
  const imaginary = new Float64Array(count - 1);
  for (let i = 0; i < count - 1; i++) {
    // Backwards, so that the samples are read forwards.
    const m = count - 1 - i;
    const weight = scale * (0.5 - 0.5 * Math.cos((2 * Math.PI * m) / count));
    const angle = (2 * Math.PI * frequency * (first + m)) / sampleRate;
    real[i] = weight * Math.cos(angle);
    imaginary[i] = weight * Math.sin(angle);
  }
  return { first: frameLength / 2 - (first + count - 1), real, imaginary };
}
