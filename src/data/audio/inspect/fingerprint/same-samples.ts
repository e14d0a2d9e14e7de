/**
 * @file Whether two short sounds are the same samples, but for gain, polarity, silence around them and what rounding or
 * a good codec does to them. Browser-safe.
 */

/**
 * The least correlation coefficient of two sounds that are the same. Copies at another gain have more than 0.997, by mp3
 * at 128 kbit/s mostly more than 0.95; different hits of one drum at most 0.89.
 */
const LEAST_CORRELATION = 0.95;

/** Share of the energy of one of the two sounds that must lie in what they have in common. */
const LEAST_ENERGY = 0.9;

/** Samples before and after the loudest one by which two sounds are aligned. */
const ALIGNED_BEFORE = 512;
const ALIGNED_AFTER = 1536;

export interface SampleMatch {
  /** Sample i of `a` is sample i - lag of `b`. */
  readonly lag: number;
  /** Samples that both have. */
  readonly samples: number;
  /** Magnitude of the correlation coefficient. */
  readonly correlation: number;
}

/**
 * Compares the changes from sample to sample of two sounds of one rate. Thus high frequencies count as well as low ones:
 * two hits of one drum differ in them, while their bass, where most of the energy is, agrees.
 * @param lag about which sample i of `a` is sample i - lag of `b`
 * @param radius how far off that may be
 */
export function matchSamples(
  a: Float32Array,
  b: Float32Array,
  lag: number,
  radius: number,
): SampleMatch | undefined {
  const [x, y] = [changesOf(a), changesOf(b)];
  const peak = loudestSample(x);
  let best = lag;
  let highest = -1;
  for (let tried = lag - radius; tried <= lag + radius; tried++) {
    const { correlation } = correlate(x, y, tried, peak - ALIGNED_BEFORE, peak + ALIGNED_AFTER);
    if (correlation > highest) {
      highest = correlation;
      best = tried;
    }
  }
  const { correlation, energy, samples } = correlate(x, y, best, 0, x.length);
  const share = Math.max(energy[0] / energyOf(x), energy[1] / energyOf(y));
  // Silence, which has no energy to share, matches nothing.
  if (!(correlation >= LEAST_CORRELATION && share >= LEAST_ENERGY)) return undefined;
  return { lag: best, samples, correlation };
}

function changesOf(samples: Float32Array): Float32Array {
  return samples.map((sample, i) => sample - (i > 0 ? samples[i - 1] : 0));
}

/** Correlates samples begin … end - 1 of `a` with `b`, as far as `b` goes. */
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
