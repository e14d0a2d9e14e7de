/** @file How the gradient of a convolution by its filters is divided: into blocks of pixels, and shares of the work. */
import { blockCount, shareCount, type Blocks } from "../shares.ts";
import type { ConvolutionGeometry } from "./geometry.ts";

/** Output pixels that a tile sums over before its accumulators go back to memory. */
const BLOCK_PIXELS = 128;
/** Most shares of the images: each costs a partial gradient of the filter's size. */
const MOST_SHARES = 8;
/** Most shares of the filter's numbers: each copies the output gradient for itself. */
const MOST_TILE_SHARES = 16;
/** Filters of more numbers than this are shared out by their numbers instead when there are few pixels. */
const LARGE_FILTER = 4096;
/** So are those of so many words with any number of pixels, and 1×1 filters of half as many words with at most so many pixels. */
const UNCACHED_WORDS = 1 << 19;
const MOST_PIXELS = 2048;
/** With fewer numbers the copies of the output gradient take a part of the time. */
const FEWEST_SHARED_NUMBERS = 256;
/** Shares of filter numbers are multiples of this, which every tile's rows divide. */
const SHARE_STEP = 24;

export interface FilterGradientPlan {
  /** Rows and columns of a block; several rows only if they are whole. */
  readonly rows: number;
  readonly columns: number;
  readonly blocks: number;
  /** Partial gradients; 1 means that the kernel writes the gradient itself. */
  readonly shares: number;
  /** Shares of the filter's tiles; only where one tile after the other reads the same run. */
  readonly tileShares: number;
  /** The filter's numbers, in blocks that every tile's rows divide, so that a tile lies in one share. */
  readonly numbers: Blocks;
}

export function planFilterGradient(geometry: ConvolutionGeometry): FilterGradientPlan {
  const { batch, outputHeight, outputWidth } = geometry;
  const rows = Math.min(outputHeight, Math.max(1, Math.floor(BLOCK_PIXELS / outputWidth)));
  const columnBlocks = Math.max(1, Math.round(outputWidth / BLOCK_PIXELS));
  const columns = Math.ceil(outputWidth / columnBlocks);
  const blocks = batch * Math.ceil(outputHeight / rows) * Math.ceil(outputWidth / columns);
  const numbers = { length: filterNumbers(geometry), width: SHARE_STEP };
  const few = blocks < MOST_SHARES || batch * outputHeight * outputWidth < 512;
  const isLarge = few ? numbers.length * geometry.outputChannels > LARGE_FILTER : isBeyondCaches(geometry);
  if (isLarge && oneStretch(geometry)) {
    const tileShares = shareCount(blockCount(numbers), MOST_TILE_SHARES);
    return { rows, columns, blocks, shares: 1, tileShares, numbers };
  }
  return { rows, columns, blocks, shares: Math.min(MOST_SHARES, blocks), tileShares: 1, numbers };
}

/** Whether no second-level cache may hold a partial gradient, which is read and written for each block of pixels. */
function isBeyondCaches(geometry: ConvolutionGeometry): boolean {
  const { batch, outputHeight, outputWidth, outputChannels, filterWidth } = geometry;
  const numbers = filterNumbers(geometry);
  const fewPixels = filterWidth === 1 && batch * outputHeight * outputWidth <= MOST_PIXELS;
  const words = fewPixels ? UNCACHED_WORDS / 2 : UNCACHED_WORDS;
  return numbers >= FEWEST_SHARED_NUMBERS && numbers * outputChannels >= words;
}

/** Whether the inputs of all filter numbers lie one after the other: one filter row without gaps. */
function oneStretch({ filterHeight, filterWidth, groups, dilations }: ConvolutionGeometry): boolean {
  return filterHeight === 1 && groups === 1 && (dilations[1] === 1 || filterWidth === 1);
}

/** Filter numbers of one output: rows × columns × inputs of a group. */
export function filterNumbers({
  filterHeight,
  filterWidth,
  inputChannels,
  groups,
}: ConvolutionGeometry): number {
  return (filterHeight * filterWidth * inputChannels) / groups;
}
