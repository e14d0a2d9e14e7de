/** @file Levels of one channel: how loud, how much at full scale, how far from zero in the mean. Browser-safe. */

/** Samples at full scale count as clipped from so many in a row: a peak that just reaches it has fewer. */
const CLIPPED_RUN = 3;

export interface Levels {
  /** Largest magnitude; full scale is 1. */
  readonly peak: number;
  /** Root mean square. */
  readonly rms: number;
  /** Mean of all samples. */
  readonly mean: number;
  /** How many samples are at full scale, three or more in a row. */
  readonly clipped: number;
}

/**
 * The largest sample that an encoding can hold: one step below 1 in whole numbers. In floats, and in codecs that
 * keep none, it is 1.
 */
export function fullScaleOf(bitDepth: number | undefined): number {
  return bitDepth !== undefined && bitDepth <= 24 ? 1 - 2 ** (1 - bitDepth) : 1;
}

export class LevelMeter {
  private readonly fullScale: number;
  private count = 0;
  private sum = 0;
  private squares = 0;
  private peak = 0;
  private clipped = 0;
  /** Samples at full scale up to here. */
  private run = 0;

  constructor(fullScale: number) {
    this.fullScale = fullScale;
  }

  push(samples: Float32Array): void {
    const { fullScale } = this;
    let { sum, squares, peak, run } = this;
    for (let i = 0; i < samples.length; i++) {
      const sample = samples[i];
      const magnitude = Math.abs(sample);
      sum += sample;
      squares += sample * sample;
      if (magnitude > peak) peak = magnitude;
      if (magnitude >= fullScale) run++;
      else if (run > 0) {
        if (run >= CLIPPED_RUN) this.clipped += run;
        run = 0;
      }
    }
    this.count += samples.length;
    this.sum = sum;
    this.squares = squares;
    this.peak = peak;
    this.run = run;
  }

  /** The levels of all samples so far; NaN where some are not numbers. */
  levels(): Levels {
    const { count, sum, squares, peak, run } = this;
    return {
      peak,
      rms: Math.sqrt(squares / count),
      mean: sum / count,
      clipped: this.clipped + (run >= CLIPPED_RUN ? run : 0),
    };
  }
}
