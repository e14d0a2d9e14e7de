/** @file The estimated time of a scattering convolution: src/kernels/convolution/scatter. */
import { tileSizes, type ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import {
  alongColumns,
  frameOf,
  restTileRows,
  runVectors,
  type Frame,
} from "../../kernels/convolution/scatter/frame.ts";
import { TILE_VECTORS, tileRows } from "../../kernels/convolution/tile.ts";
import { FLOAT_BYTES } from "../../kernels/kernel.ts";
import type { RunAxis } from "../../kernels/requests.ts";
import type { MachineTraits } from "../../machine/ir.ts";

// In multiply-add instructions, fitted to measured times of drawn shapes.
/** Adding a vector to the sums. */
const ADD_TIME = 2;
/** Storing a vector of the output, with its epilogue. */
const STORE_TIME = 6;
/** A step of a small tile, which waits for the one before it. */
const SHORTEST_STEP = 5;

/** The time of an image, in multiply-add instructions. */
export function scatterTime(geometry: ConvolutionGeometry, machine: MachineTraits, run: RunAxis): number {
  const sizes = alongColumns(geometry, run);
  const { inputWidth, outputHeight, outputWidth, outputChannels } = sizes;
  const { lanes } = machine;
  const frame = frameOf(sizes, machine);
  const rows = run === "columns" ? outputHeight : outputHeight * outputWidth;
  const rowFloats = run === "columns" ? outputWidth * outputChannels : outputChannels;
  const stores = rows * Math.ceil(rowFloats / lanes);
  const zeros = (frame.parts * frame.bytes) / (lanes * FLOAT_BYTES);
  return inputWidth * columnTime(sizes, frame, machine) + STORE_TIME * stores + zeros;
}

/** The time of one input column, with all rows of the filter. */
function columnTime(sizes: ConvolutionGeometry, frame: Frame, machine: MachineTraits): number {
  const { inputHeight, filterHeight, outputHeight, dilations, inputDilations } = sizes;
  const { parts, partRows, top } = frame;
  if (parts === 1) {
    return filterHeight * rowsTime(sizes, machine, (size) => spreadTiles(inputHeight, size));
  }
  const [step] = inputDilations;
  /** By input rows. */
  const times = new Map<number, number>();
  let time = 0;
  for (let first = 0; first < outputHeight; first += partRows) {
    const last = Math.min(first + partRows, outputHeight);
    for (let up = 0; up < filterHeight * dilations[0]; up += dilations[0]) {
      const rowAt = (row: number) => Math.min(Math.ceil(Math.max(top + row - up, 0) / step), inputHeight);
      const rows = rowAt(last) - rowAt(first);
      const known = times.get(rows) ?? rowsTime(sizes, machine, (size) => halvedTiles(rows, size));
      times.set(rows, known);
      time += known;
    }
  }
  return time;
}

/** The time of some rows of an input column, for a row of the filter. @param tilesOf the rows of each tile by the most there may be */
function rowsTime(
  { inputChannels, filterWidth, outputChannels }: ConvolutionGeometry,
  machine: MachineTraits,
  tilesOf: (size: number) => readonly number[],
): number {
  const vectors = runVectors(filterWidth, outputChannels, machine);
  const broadcast = machine.lanes >= 16 ? 0.5 : 1;
  const timeOf = (width: number) =>
    tilesOf(tileRows(machine, width)).reduce((sum, rows) => {
      const step = Math.max(rows * width, broadcast * rows + width, SHORTEST_STEP);
      return sum + inputChannels * step + ADD_TIME * rows * width;
    }, 0);
  const whole = Math.floor(vectors / TILE_VECTORS);
  const rest = vectors % TILE_VECTORS;
  return whole * timeOf(TILE_VECTORS) + (rest > 0 ? timeOf(rest) : 0);
}

/** The tiles of an image's rows. */
function spreadTiles(rows: number, size: number): readonly number[] {
  const { full, rest } = tileSizes(rows, size, true);
  return [...Array.from({ length: full }, () => size), ...rest];
}

/** The tiles of a part's rows. */
function halvedTiles(rows: number, size: number): readonly number[] {
  const full = Array.from({ length: Math.floor(rows / size) }, () => size);
  // Powers of two add up to every number in one way.
  return [...full, ...restTileRows(size).filter((part) => (rows % size) & part)];
}
