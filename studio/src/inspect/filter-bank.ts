/** @file The filters of a layer on waveforms: their weights, what they let pass, and in which order they are shown. */
import { gainAt } from "../lessons/waveform/filters.ts";

/** dB at which responses are cut off, below each filter's greatest. */
export const LOWEST = -60;

/** A layer's filters as they lie over samples. */
export interface Filters {
  /** [filters, taps]: zeros between the weights of a dilated layer. */
  readonly taps: Float32Array;
  readonly length: number;
  readonly count: number;
}

/** @param kernel [window, 1, filters] */
export function filtersOf(
  { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number> },
  dilation: number,
): Filters {
  const [window, , count] = shape;
  const length = (window - 1) * dilation + 1;
  const taps = new Float32Array(count * length);
  for (let tap = 0; tap < window; tap++) {
    for (let filter = 0; filter < count; filter++) {
      taps[filter * length + tap * dilation] = data[tap * count + filter];
    }
  }
  return { taps, length, count };
}

export function tapsOf({ taps, length }: Filters, filter: number): Float32Array {
  return taps.subarray(filter * length, (filter + 1) * length);
}

/** Frequencies at equal ratios up to half the rate; the lowest is what a filter of this length tells from 0 Hz, or 20 Hz. */
export function responseFrequencies(sampleRate: number, length: number, points: number): Float64Array {
  const highest = sampleRate / 2;
  const lowest = Math.min(highest / 4, Math.max(20, sampleRate / (8 * length)));
  return Float64Array.from({ length: points }, (_, i) => lowest * (highest / lowest) ** (i / (points - 1)));
}

/** The gain at each frequency in dB below the greatest of them; all `LOWEST` for a filter of zeros. */
export function responseOf(
  taps: ArrayLike<number>,
  frequencies: Float64Array,
  sampleRate: number,
): Float64Array {
  const weights = Array.from(taps);
  const gains = frequencies.map((hertz) => gainAt(weights, hertz, sampleRate));
  const greatest = gains.reduce((a, b) => Math.max(a, b), 0);
  return gains.map((gain) => (gain > 0 ? Math.max(LOWEST, 20 * Math.log10(gain / greatest)) : LOWEST));
}

/** All responses of a layer. */
export interface FilterBank {
  readonly frequencies: Float64Array;
  /** [frequencies, filters in their order], dB. */
  readonly decibels: Float32Array;
  /** The filters' numbers, that with the lowest strongest frequency first. */
  readonly order: readonly number[];
  /** The frequency at which each filter is strongest, by its number. */
  readonly centres: Float64Array;
}

export function filterBank(filters: Filters, sampleRate: number, points: number): FilterBank {
  const { count, length } = filters;
  const frequencies = responseFrequencies(sampleRate, length, points);
  const responses = Array.from({ length: count }, (_, filter) =>
    responseOf(tapsOf(filters, filter), frequencies, sampleRate),
  );
  const centres = Float64Array.from(
    responses,
    (response) => frequencies[response.indexOf(response.reduce((a, b) => Math.max(a, b)))],
  );
  const order = Array.from(centres.keys()).sort((a, b) => centres[a] - centres[b] || a - b);
  const decibels = new Float32Array(points * count);
  order.forEach((filter, column) => {
    for (let row = 0; row < points; row++) decibels[row * count + column] = responses[filter][row];
  });
  return { frequencies, decibels, order, centres };
}
