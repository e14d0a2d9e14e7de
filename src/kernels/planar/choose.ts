/** @file Which convolutions have so few outputs that vectors should run over positions instead. */
import type { MachineTraits } from "../../machine/ir.ts";
import { tileRows } from "../convolution/tile.ts";
import type { ConvolutionGeometry } from "../convolution/geometry.ts";
import { interleavesCheaply } from "../lanes.ts";
import { blockBytes, planarLayout, type PlanarLayout } from "./layout.ts";
import { cellTime, positionTime } from "./tiling.ts";

/** A block of one row with more planes than this would not stay in a second-level cache. */
const MOST_BYTES = 1024 * 1024;

/** Whether the planar kernels can do a convolution at all: one group, no strides, no more outputs than lanes. */
export function planarSupports(geometry: ConvolutionGeometry, machine: MachineTraits): boolean {
  const { groups, strides, inputDilations, outputChannels } = geometry;
  return (
    groups === 1 &&
    [...strides, ...inputDilations].every((step) => step === 1) &&
    outputChannels <= machine.lanes &&
    blockBytes(geometry, planarLayout(geometry, machine)) <= MOST_BYTES
  );
}

/** Whether the planar convolution is expected to be faster than the one whose lanes are filters. */
export function prefersPlanarConvolution(geometry: ConvolutionGeometry, machine: MachineTraits): boolean {
  if (!planarSupports(geometry, machine)) return false;
  const { outputChannels, inputChannels, filterHeight, filterWidth } = geometry;
  const taps = filterHeight * filterWidth * inputChannels;
  const layout = planarLayout(geometry, machine);
  const copies = copyTime(inputChannels, machine) + copyTime(outputChannels, machine);
  const planar =
    (taps * positionTime(outputChannels, machine) + copies) * positionShare(geometry, layout, machine);
  return slowness(machine) * planar < filterLanesTime(taps, outputChannels, machine);
}

/** The same for the gradient by filters. */
export function prefersPlanarFilterGradient(geometry: ConvolutionGeometry, machine: MachineTraits): boolean {
  if (!planarSupports(geometry, machine)) return false;
  const { outputChannels, inputChannels, filterHeight, filterWidth } = geometry;
  const rowsOfCells = filterHeight * inputChannels;
  const layout = planarLayout(geometry, machine);
  const copies = copyTime(inputChannels, machine) + copyTime(outputChannels, machine);
  const planar =
    (rowsOfCells * cellTime(outputChannels, filterWidth, machine) + copies) *
    positionShare(geometry, layout, machine);
  return slowness(machine) * planar < filterLanesTime(rowsOfCells * filterWidth, outputChannels, machine);
}

/**
 * How much longer the planar kernels take than is computed here: WebAssembly has no broadcasts and loads inside of
 * multiply-adds, of which these kernels have more.
 */
function slowness({ fusedMultiplyAdd, lanes }: MachineTraits): number {
  return lanes > 4 ? 1 : fusedMultiplyAdd ? 1.2 : 1.3;
}

/** Positions that are computed, for each that is stored. */
function positionShare(
  { outputHeight, outputWidth }: ConvolutionGeometry,
  { vectors, rowBlocks }: PlanarLayout,
  { lanes }: MachineTraits,
): number {
  return (vectors * rowBlocks * lanes) / (outputHeight * outputWidth);
}

/** Multiply-adds' times that the kernels whose lanes are filters take for a pixel's sums beside its multiply-adds. */
const PIXEL_TIME = 4;

/** Multiply-adds' times of the kernels whose lanes are filters, for as many pixels as there are lanes. */
function filterLanesTime(taps: number, outputs: number, machine: MachineTraits): number {
  const vectors = Math.ceil(outputs / machine.lanes);
  const rows = tileRows(machine, vectors);
  const broadcast = machine.lanes >= 16 ? 0.5 : 1;
  return machine.lanes * (taps * Math.max(vectors, (broadcast * rows + vectors) / rows) + PIXEL_TIME);
}

/** Multiply-adds' times that it takes to bring a vector of each channel from pixels to planes or back, with zeros and tail. */
function copyTime(channels: number, machine: MachineTraits): number {
  const shuffles = interleavesCheaply(channels, machine)
    ? channels * Math.ceil(Math.log2(channels + 1))
    : 2 * Math.ceil(channels / machine.lanes) * machine.lanes * (Math.log2(machine.lanes) + 2);
  return shuffles + 3 * channels;
}
