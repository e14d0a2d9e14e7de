/** @file How often values fall into equal intervals. */

export interface HistogramCounts {
  readonly counts: readonly number[];
  readonly range: readonly [low: number, high: number];
  /** Values that lie below and above the range, or are not finite (above). */
  readonly below: number;
  readonly above: number;
}

/** Counts values in `bins` equal intervals; the highest end belongs to the last one. */
export function histogramOf(
  values: ArrayLike<number>,
  range: readonly [low: number, high: number],
  bins: number,
): HistogramCounts {
  const [low, high] = range;
  const counts = new Array<number>(bins).fill(0);
  let [below, above] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (value < low) below++;
    else if (value <= high) {
      const bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
      counts[bin] = (counts[bin] ?? 0) + 1;
    } else above++;
  }
  return { counts, range, below, above };
}

/** The mean and the standard deviation of values. */
export function meanAndDeviation(values: ArrayLike<number>): { mean: number; deviation: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] ?? 0;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += ((values[i] ?? 0) - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
