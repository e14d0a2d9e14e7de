/**
 * @file Where a block of rows of an image lies when each channel has a plane of its own: rows one after the other with
 * zeros between them, so that all of a block's output positions are one run of vectors.
 *
 *   plane: lead zeros | row 0, zeros | row 1, zeros | …                    rowLength floats from row to row
 *
 * The zeros behind a row are those before the next row too. Position p = row·rowLength + column reads, for a cell (i, j) of
 * the filter, the float at p + i·dilation·rowLength + j·dilation + lead - padding. Positions beyond the output's width are
 * computed like all others, and dropped.
 */
import { rowsRead, type ConvolutionGeometry } from "../geometry.ts";
import { FLOAT_BYTES } from "../../kernel.ts";
import type { MachineTraits } from "../../../machine/ir.ts";
import { ENOUGH_UNITS } from "../../shares.ts";

export interface PlanarLayout {
  /** Output rows of a block; the last one of an image may have fewer. */
  readonly rows: number;
  readonly rowBlocks: number;
  /** Rows of the padded input that a block reads. */
  readonly inputRows: number;
  /** Floats from one row to the next, in planes of the input and of the output. */
  readonly rowLength: number;
  /** Zeros before the first row of the input. */
  readonly lead: number;
  /** Vectors of output positions of a block. */
  readonly vectors: number;
  /** Bytes of one channel's plane of a block's input, and of its output. */
  readonly inputPlane: number;
  readonly outputPlane: number;
}

/** A block's planes should stay in a second-level cache, and most of what a tile reads in the first. */
const BLOCK_BYTES = 48 * 1024;
/** Planes that begin at the same place of every 4 KB would meet in a few sets of a cache. */
const PAGE_BYTES = 4096;

export function planarLayout(geometry: ConvolutionGeometry, machine: MachineTraits): PlanarLayout {
  const { batch, outputHeight } = geometry;
  const bytes = (rows: number) => blockBytes(geometry, layoutOf(geometry, rows, machine));
  let blocks = 1;
  const rowsOf = () => Math.ceil(outputHeight / blocks);
  while (rowsOf() > 1 && (bytes(rowsOf()) > BLOCK_BYTES || batch * blocks < ENOUGH_UNITS)) blocks++;
  return layoutOf(geometry, rowsOf(), machine);
}

/** Bytes of scratch memory that the planes of a block take. */
export function blockBytes(
  { inputChannels, outputChannels }: ConvolutionGeometry,
  { inputPlane, outputPlane }: PlanarLayout,
): number {
  return inputChannels * inputPlane + outputChannels * outputPlane;
}

function layoutOf(geometry: ConvolutionGeometry, rows: number, { lanes }: MachineTraits): PlanarLayout {
  const { inputWidth, outputWidth, outputHeight, filterHeight, filterWidth, dilations, padding } = geometry;
  const before = padding[1];
  const after = outputWidth + (filterWidth - 1) * dilations[1] - before - inputWidth;
  const rowLength = Math.max(outputWidth, inputWidth + Math.max(before, after, 0));
  const lastRow = (rows - 1) * rowLength;
  const vectors = Math.ceil((lastRow + outputWidth) / lanes);
  const lead = Math.max(before, 0);
  const inputRows = rowsRead(geometry, rows);
  // The last cell of the filter at the last position; and all that is copied.
  const farthest =
    (filterHeight - 1) * dilations[0] * rowLength + (filterWidth - 1) * dilations[1] + lead - before;
  const read = vectors * lanes + farthest;
  const wholeVectors = (width: number) => Math.ceil(width / lanes) * lanes;
  const written =
    lead + Math.max(inputRows * rowLength, (inputRows - 1) * rowLength + wholeVectors(inputWidth));
  return {
    rows,
    rowBlocks: Math.ceil(outputHeight / rows),
    inputRows,
    rowLength,
    lead,
    vectors,
    inputPlane: planeBytes(Math.max(read, written), lanes),
    outputPlane: planeBytes(Math.max(rows * rowLength, lastRow + wholeVectors(outputWidth)), lanes),
  };
}

function planeBytes(floats: number, lanes: number): number {
  const bytes = Math.ceil(floats / lanes) * lanes * FLOAT_BYTES;
  return bytes % PAGE_BYTES === 0 ? bytes + lanes * FLOAT_BYTES : bytes;
}
