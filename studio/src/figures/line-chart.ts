/** @file The arithmetic of line charts: ranges, places, labels that do not overlap, the rows of the hidden table. */
import { scaleLinear } from "d3-scale";

/** The low and the high end of an axis. */
export type Range = readonly [low: number, high: number];

/** A line of a chart. */
export interface Series {
  readonly name: string;
  /** A value for each place of the x axis; where there is none, or none yet, NaN or nothing. */
  readonly values: ArrayLike<number>;
  /** A colour token's name ("accent"), or a colour. */
  readonly color: string;
  /** Lengths of strokes and gaps in px: the second cue beside the colour. */
  readonly dash?: readonly number[];
  /** Drawn first, thinner and paler: single measurements behind their mean. */
  readonly isFaint?: boolean;
}

/** A vertical line at a place of the x axis, with its text. */
export interface Mark {
  readonly x: number;
  readonly text: string;
}

/**
 * A range that holds all finite values of the lines, with ends at round values; on a logarithmic axis of the positive ones, and
 * never narrower than a factor of 2. Without values, 0 to 1, or 0.1 to 1.
 */
export function rangeOfLines(lines: Iterable<ArrayLike<number>>, isLogarithmic = false): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const values of lines) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? Number.NaN;
      if (!Number.isFinite(value) || (isLogarithmic && value <= 0)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (isLogarithmic) return low <= high ? roundDecades(low, high) : [0.1, 1];
  if (!(low <= high)) return [0, 1];
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const [first = low, last = high] = scaleLinear([low, high], [0, 1]).nice(5).domain();
  return [first, last];
}

/** Ends at 1, 2 or 5 times a power of ten. */
function roundDecades(low: number, high: number): Range {
  const down = [5, 2, 1].map((digit) => digit * 10 ** Math.floor(Math.log10(low)));
  const up = [1, 2, 5, 10].map((digit) => digit * 10 ** Math.floor(Math.log10(high)));
  const least = down.find((value) => value <= low * (1 + 1e-9)) ?? low;
  const most = up.find((value) => value >= high * (1 - 1e-9)) ?? high;
  return [least, most > least ? most : 2 * least];
}

/** Where a value lies on an axis: 0 at its low end, 1 at its high end, also beyond them. */
export function placeOn(value: number, [low, high]: Range, isLogarithmic = false): number {
  if (isLogarithmic) return Math.log(value / low) / Math.log(high / low);
  return (value - low) / (high - low);
}

/** The value at a place from 0 to 1: the inverse of `placeOn`. */
export function valueAt(place: number, [low, high]: Range, isLogarithmic = false): number {
  return isLogarithmic ? low * (high / low) ** place : low + place * (high - low);
}

/** The index of the value that is nearest; among rising values. */
export function nearestIndex(rising: ArrayLike<number>, value: number): number {
  let [low, high] = [0, rising.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  const after = Math.abs((rising[high] ?? 0) - value);
  return after < Math.abs((rising[low] ?? 0) - value) ? high : low;
}

/** The index of the last finite value up to an index; -1 where there is none. */
export function lastFinite(values: ArrayLike<number>, upTo = values.length - 1): number {
  for (let i = Math.min(upTo, values.length - 1); i >= 0; i--) if (Number.isFinite(values[i])) return i;
  return -1;
}

/**
 * Moves labels apart: each stays as near to where it belongs as it can, in the same order.
 * @param wanted the middles, in px
 * @param gap the least distance of two middles, in px
 * @param limits the least and the greatest middle; where there is no room for all, labels come closer than the gap
 */
export function spreadLabels(wanted: readonly number[], gap: number, limits: Range): number[] {
  const [low, high] = limits;
  const room = wanted.length > 1 ? Math.min(gap, (high - low) / (wanted.length - 1)) : gap;
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b);
  // Blocks of labels that touch; each lies around the mean of where its labels belong.
  const blocks: { sum: number; count: number }[] = [];
  const topOf = ({ sum, count }: { sum: number; count: number }) => {
    const top = sum / count - ((count - 1) * room) / 2;
    return Math.max(low, Math.min(high - (count - 1) * room, top));
  };
  for (const i of order) {
    let block = { sum: Math.max(low, Math.min(high, wanted[i] ?? 0)), count: 1 };
    for (let before = blocks.at(-1); before; before = blocks.at(-1)) {
      if (topOf(before) + before.count * room <= topOf(block) + 1e-9) break;
      blocks.pop();
      block = { sum: before.sum + block.sum, count: before.count + block.count };
    }
    blocks.push(block);
  }
  const places = blocks.flatMap((block) =>
    Array.from({ length: block.count }, (_, i) => topOf(block) + i * room),
  );
  const spread = new Array<number>(wanted.length);
  order.forEach((i, at) => (spread[i] = places[at] ?? 0));
  return spread;
}

/** At most so many indices from the first to the last, evenly. */
export function sampledIndices(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
}

/** A line as uPlot takes it: null where nothing is to be drawn. */
export function drawnValues(
  values: ArrayLike<number>,
  length: number,
  isLogarithmic: boolean,
): (number | null)[] {
  return Array.from({ length }, (_, i) => {
    const value = values[i] ?? Number.NaN;
    return Number.isFinite(value) && (!isLogarithmic || value > 0) ? value : null;
  });
}

/** Means of each value and those before it, up to `count` of them: a curve of single batches that can be read. */
export function trailingMeans(values: readonly number[], count: number): number[] {
  let sum = 0;
  return values.map((value, i) => {
    if (!Number.isFinite(value)) return Number.NaN;
    sum += value - (i >= count ? (values[i - count] ?? 0) : 0);
    return sum / Math.min(i + 1, count);
  });
}
