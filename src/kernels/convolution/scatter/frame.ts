/** @file The frame that a scattering convolution adds to: its size, how it is shared among units, and which axis is its fast one. */
import type { MachineTraits } from "../../../machine/ir.ts";
import { FLOAT_BYTES } from "../../kernel.ts";
import { ENOUGH_UNITS } from "../../shares.ts";
import type { RunAxis } from "../../requests.ts";
import { exchanged, type ConvolutionGeometry } from "../geometry.ts";

/** The largest frame: it should stay in a second-level cache. */
const MOST_BYTES = 512 * 1024;

/** The output with all rows and columns around it that an input pixel is added to, or a part of its rows. */
export interface Frame {
  /** The output's first row and column in the whole frame. */
  readonly top: number;
  readonly left: number;
  /** Floats from one row to the next. */
  readonly rowLength: number;
  /** Rows of the output that a unit computes; as many as there are where a unit is an image. */
  readonly partRows: number;
  /** Units of an image. */
  readonly parts: number;
  /** The size of a unit's frame, including what the last vector of a run writes beyond it. */
  readonly bytes: number;
}

/** The convolution with runs along its columns. */
export function alongColumns(geometry: ConvolutionGeometry, run: RunAxis): ConvolutionGeometry {
  return run === "rows" ? exchanged(geometry) : geometry;
}

/** @param geometry with runs along its columns */
export function frameOf(geometry: ConvolutionGeometry, machine: MachineTraits): Frame {
  const { filterHeight, filterWidth, inputHeight, inputWidth, dilations, inputDilations } = geometry;
  const { batch, outputHeight, outputWidth, outputChannels, padding } = geometry;
  const reach = (filterHeight - 1) * dilations[0];
  const top = reach - padding[0];
  const left = filterWidth - 1 - padding[1];
  const parts = Math.min(outputHeight, Math.ceil(ENOUGH_UNITS / batch));
  const partRows = Math.ceil(outputHeight / parts);
  // Behind what pixels reach there may be outputs that only read padding.
  const allRows = Math.max((inputHeight - 1) * inputDilations[0] + reach + 1, top + outputHeight);
  const columns = Math.max((inputWidth - 1) * inputDilations[1] + filterWidth, left + outputWidth);
  const rowLength = columns * outputChannels;
  const rows = parts === 1 ? allRows : partRows;
  return {
    top,
    left,
    rowLength,
    partRows,
    parts: Math.ceil(outputHeight / partRows),
    bytes: (rows * rowLength + machine.lanes) * FLOAT_BYTES,
  };
}

/**
 * Rows of the tiles behind the full ones of a part, each of which is there or not: the kernel learns how many rows there are when it
 * runs.
 */
export function restTileRows(size: number): readonly number[] {
  const most = Math.ceil(Math.log2(size)) - 1;
  return Array.from({ length: most + 1 }, (_, i) => 2 ** (most - i));
}

/** Vectors of a run: the columns of a filter's row, with all outputs. */
export function runVectors(filterWidth: number, outputs: number, { lanes }: MachineTraits): number {
  return Math.ceil((filterWidth * outputs) / lanes);
}

/** Whether the kernel can do a convolution: one group, no strides, no output before all that pixels reach. */
export function scatterSupports(
  geometry: ConvolutionGeometry,
  machine: MachineTraits,
  run: RunAxis = "columns",
): boolean {
  const { groups, strides, dilations, filterWidth } = alongColumns(geometry, run);
  const { top, left, bytes } = frameOf(alongColumns(geometry, run), machine);
  return (
    groups === 1 &&
    strides[0] === 1 &&
    strides[1] === 1 &&
    (dilations[1] === 1 || filterWidth === 1) &&
    top >= 0 &&
    left >= 0 &&
    bytes <= MOST_BYTES
  );
}
