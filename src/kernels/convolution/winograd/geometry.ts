/** @file Which convolutions Winograd's algorithm computes, and how their tiles are blocked. */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, MachineTraits } from "../../../machine/ir.ts";
import { FLOAT_BYTES } from "../../kernel.ts";
import type { ConvolutionGeometry } from "../geometry.ts";
import { blockLanes } from "../pack.ts";
import { tileRows } from "../tile.ts";
import { POINTS, tileTransforms } from "./transforms.ts";

/** The sizes of square filters that there are transforms for. */
const SMALLEST_FILTER = 2;
const LARGEST_FILTER = 5;

/** Whether the algorithm can compute a convolution at all: square filters at neighbouring places, one group. */
export function isWinogradPossible(geometry: ConvolutionGeometry): boolean {
  const { filterHeight, filterWidth, strides, dilations, inputDilations, groups } = geometry;
  const isDense = [strides, dilations, inputDilations].every((steps) => steps[0] === 1 && steps[1] === 1);
  const hasTransforms = filterWidth >= SMALLEST_FILTER && filterWidth <= LARGEST_FILTER;
  return filterHeight === filterWidth && hasTransforms && isDense && groups === 1;
}

/** Tiles of all images, numbered by image, row and column. */
export interface TileGrid {
  readonly rows: number;
  readonly columns: number;
  readonly count: number;
  /** Outputs of a tile along one axis. */
  readonly tileOutputs: number;
}

export function tileGrid({ batch, outputHeight, outputWidth, filterWidth }: ConvolutionGeometry): TileGrid {
  const { tileOutputs } = tileTransforms(filterWidth);
  const rows = Math.ceil(outputHeight / tileOutputs);
  const columns = Math.ceil(outputWidth / tileOutputs);
  return { rows, columns, count: batch * rows * columns, tileOutputs };
}

/** Rows of a multiply-add tile divide this. */
export const ROW_STEP = 12;

/** Rows of a multiply-add tile of `vectors` vectors: as many as stay in registers, of those that divide ROW_STEP. */
export function rowsOfTile(machine: MachineTraits, vectors: number): number {
  let rows = Math.min(ROW_STEP, tileRows(machine, vectors));
  while (ROW_STEP % rows !== 0) rows--;
  return rows;
}

/** Fewer channels leave lanes empty, and the transforms take longer than the products. */
const FEWEST_CHANNELS = 8;
/** The filters' transform takes as long as the products of several tiles. */
const FEWEST_TILES = 24;
/** Computed outputs per output: tiles reach beyond the edge, and there are whole multiply-add tiles of them. */
const MOST_WASTE = 1.5;
/** The transforms' time for a channel of the input (output), as a share of its products with one output (input). */
const INPUT_TRANSFORM = 7;
const OUTPUT_TRANSFORM = 4;
/** The estimate is of an average target: a time that is so much shorter is believed. */
const LEAST_GAIN = 1.25;

/**
 * Whether the algorithm is faster than direct convolution, by shape alone: it is, on every target, by 1.1 to 3 times where
 * there are some channels and tiles and most of what the tiles compute is used.
 */
export function prefersWinograd(geometry: ConvolutionGeometry): boolean {
  return prefersWinogradFilterGradient(geometry) && wasteOf(geometry) <= MOST_WASTE;
}

/** Products saved from which it is faster than the direct algorithm on pairs of bfloat16, which does two at once. */
const SAVED_BY_PAIRS = 2.5;

/** Whether it is also faster than direct convolution of rounded operands. */
export function prefersWinogradToPairs(geometry: ConvolutionGeometry): boolean {
  return prefersWinograd(geometry) && savedProducts(geometry) >= SAVED_BY_PAIRS;
}

/**
 * Whether the same holds for the filter gradient. It may waste more on small images: it transforms no filters, which then take
 * as long as the products.
 */
export function prefersWinogradFilterGradient(geometry: ConvolutionGeometry): boolean {
  const { inputChannels, outputChannels } = geometry;
  const overhead = INPUT_TRANSFORM / outputChannels + OUTPUT_TRANSFORM / inputChannels;
  return (
    Math.min(inputChannels, outputChannels) >= FEWEST_CHANNELS &&
    tileGrid(geometry).count >= FEWEST_TILES &&
    savedProducts(geometry) >= LEAST_GAIN * (1 + overhead)
  );
}

/** How many times as many products the direct algorithm has. */
function savedProducts(geometry: ConvolutionGeometry): number {
  const { filterHeight, filterWidth } = geometry;
  const { tileOutputs } = tileGrid(geometry);
  return (filterHeight * filterWidth * tileOutputs ** 2) / POINTS / wasteOf(geometry);
}

function wasteOf(geometry: ConvolutionGeometry): number {
  const { batch, outputHeight, outputWidth } = geometry;
  const { count, tileOutputs } = tileGrid(geometry);
  return (Math.ceil(count / ROW_STEP) * ROW_STEP * tileOutputs ** 2) / (batch * outputHeight * outputWidth);
}

const LINE_BYTES = 64;

/**
 * Distance of a block's points in memory, each `rows` rows of `width` floats. A line more than that, or the 36 stores of a
 * tile would often be at a multiple of 4096 bytes from each other, where a first-level cache has room for 8 or so.
 */
export function pointBytes(rows: number, width: number): number {
  return Math.ceil((rows * width * FLOAT_BYTES) / LINE_BYTES + 1) * LINE_BYTES;
}

/** Words of the transformed filters: [block of outputs][point][input][lane of the block]. */
export function transformedFilterWords(
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
  machine: MachineTraits,
): number {
  const lanes = blockLanes(machine);
  return Math.ceil(outputs / lanes) * POINTS * inputs * lanes;
}

/**
 * Writes code for the vectors of a block's outputs, the full ones in a loop: transforms are long.
 * @param body gets the number of a vector's first output, and how many it has
 */
export function forEachVector(
  k: KernelBuilder,
  outputs: number,
  body: (first: IntExpression, count: number) => void,
): void {
  const { lanes } = k.machine;
  const full = Math.floor(outputs / lanes) * lanes;
  if (full === lanes) body(k.int(0), lanes);
  else k.loop(0, full, lanes, (first) => body(first, lanes));
  if (outputs > full) body(k.int(full), outputs - full);
}
