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

const LINE_BYTES = 64;

/**
 * Distance of a block's points in memory, each `rows` rows of `width` floats. A line more than that, or the 36 stores of a
 * tile would often be at a multiple of 4096 bytes from each other, where a first-level cache has room for 8 or so.
 */
export function pointBytes(rows: number, width: number): number {
  return Math.ceil((rows * width * FLOAT_BYTES) / LINE_BYTES + 1) * LINE_BYTES;
}

/** Bytes of a block of transformed filters: [point][input][lane of the block]. */
export function filterBlockBytes(inputs: number, machine: MachineTraits): number {
  return POINTS * pointBytes(inputs, blockLanes(machine));
}

/** Words of the transformed filters, block by block of outputs. */
export function transformedFilterWords(
  { inputs, outputs }: { readonly inputs: number; readonly outputs: number },
  machine: MachineTraits,
): number {
  return (Math.ceil(outputs / blockLanes(machine)) * filterBlockBytes(inputs, machine)) / FLOAT_BYTES;
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
