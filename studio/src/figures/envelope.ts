/**
 * @file The outline of a sound: its least and greatest sample in blocks, so that a view of ten minutes is drawn from a thousandth of
 * the samples. Where a block is wider than a pixel, the samples themselves are read.
 */

/** Samples of a block. */
export const BLOCK = 256;

/** Least and greatest values, one after the other. */
export interface Outline {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** The outline of a sound; while that is still being read, the blocks from `ready` on are not known. */
export interface Envelope extends Outline {
  readonly ready: number;
}

export function emptyOutline(count: number): Outline {
  return { low: new Float32Array(count), high: new Float32Array(count) };
}

/** Blocks of samples, the last of them perhaps shorter. */
export function outlineOf(samples: Float32Array): Outline {
  const outline = emptyOutline(Math.ceil(samples.length / BLOCK));
  for (let block = 0; block < outline.low.length; block++) {
    const [low, high] = extremesOf(
      samples,
      samples,
      block * BLOCK,
      Math.min(samples.length, (block + 1) * BLOCK),
    );
    outline.low[block] = low;
    outline.high[block] = high;
  }
  return outline;
}

/**
 * The outline of samples first … last in `columns` equal parts; a part without a sample has that which is nearest, and one
 * that is not known yet NaN.
 * @param first and `last` need not be whole
 */
export function columnsOf(
  samples: Float32Array,
  envelope: Envelope,
  { first, last }: { readonly first: number; readonly last: number },
  columns: number,
): Outline {
  const outline = emptyOutline(columns);
  const step = (last - first) / columns;
  for (let column = 0; column < columns; column++) {
    const from = Math.max(0, Math.floor(first + column * step));
    const to = Math.min(samples.length, Math.max(from + 1, Math.floor(first + (column + 1) * step)));
    const [low, high] =
      step < BLOCK ? extremesOf(samples, samples, from, to) : extremesOfBlocks(envelope, from, to);
    outline.low[column] = low;
    outline.high[column] = high;
  }
  return outline;
}

function extremesOfBlocks({ low, high, ready }: Envelope, from: number, to: number): [number, number] {
  const first = Math.floor(from / BLOCK);
  const last = Math.max(first + 1, Math.floor(to / BLOCK));
  return last > ready ? [Number.NaN, Number.NaN] : extremesOf(low, high, first, last);
}

/** The least of `low` and the greatest of `high`; NaN where there are none. */
function extremesOf(low: Float32Array, high: Float32Array, from: number, to: number): [number, number] {
  if (from >= to) return [Number.NaN, Number.NaN];
  let [least, greatest] = [low[from], high[from]];
  for (let i = from + 1; i < to; i++) {
    if (low[i] < least) least = low[i];
    if (high[i] > greatest) greatest = high[i];
  }
  return [least, greatest];
}
