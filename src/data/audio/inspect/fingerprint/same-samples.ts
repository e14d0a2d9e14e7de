/** @file Whether two short sounds are the same samples, but for gain, polarity and silence around them. Browser-safe. */

/**
 * The least correlation coefficient of two sounds that are the same. Rounding to 16 bits at another gain leaves more
 * than 0.9999; different hits of one drum reach 0.99.
 */
const LEAST_CORRELATION = 0.999;

/** Share of the energy of one of the two sounds that must lie in what they have in common. */
const LEAST_ENERGY = 0.9;

/** Samples around the loudest one by which two sounds are aligned. */
const ALIGNED_SAMPLES = 2048;

export interface SampleMatch {
  /** Sample i of `a` is sample i - lag of `b`. */
  readonly lag: number;
  /** Samples that both have. */
  readonly samples: number;
  /** Magnitude of the correlation coefficient. */
  readonly correlation: number;
}

/**
 * Compares two sounds of one sample rate.
 * @param lag about which sample i of `a` is sample i - lag of `b`
 * @param radius how far off that may be
 */
export function matchSamples(
  a: Float32Array,
  b: Float32Array,
  lag: number,
  radius: number,
): SampleMatch | undefined {
  const peak = loudestSample(a);
  const [begin, end] = [peak - ALIGNED_SAMPLES / 4, peak + (3 * ALIGNED_SAMPLES) / 4];
  let best = lag;
  let highest = -1;
  for (let tried = lag - radius; tried <= lag + radius; tried++) {
    const { correlation } = correlate(a, b, tried, begin, end);
    if (correlation > highest) {
      highest = correlation;
      best = tried;
    }
  }
  const { correlation, energy, samples } = correlate(a, b, best, 0, a.length);
  const share = Math.max(energy[0] / energyOf(a), energy[1] / energyOf(b));
  if (correlation < LEAST_CORRELATION || share < LEAST_ENERGY) return undefined;
  return { lag: best, samples, correlation };
}

/** Of samples begin … end - 1 of `a`, as far as `b` goes. */
function correlate(a: Float32Array, b: Float32Array, lag: number, begin: number, end: number) {
  const first = Math.max(0, begin, lag);
  const last = Math.min(a.length, end, b.length + lag);
  let [product, squaresOfA, squaresOfB] = [0, 0, 0];
  for (let i = first; i < last; i++) {
    const [x, y] = [a[i], b[i - lag]];
    product += x * y;
    squaresOfA += x * x;
    squaresOfB += y * y;
  }
  const scale = Math.sqrt(squaresOfA * squaresOfB);
  return {
    correlation: scale > 0 ? Math.abs(product) / scale : 0,
    energy: [squaresOfA, squaresOfB],
    samples: Math.max(0, last - first),
  };
}

function loudestSample(samples: Float32Array): number {
  let loudest = 0;
  for (let i = 1; i < samples.length; i++) if (Math.abs(samples[i]) > Math.abs(samples[loudest])) loudest = i;
  return loudest;
}

function energyOf(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}
