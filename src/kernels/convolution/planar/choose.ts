/** @file Which convolutions have so few outputs that vectors should run over positions instead. */
import type { MachineTraits } from "../../../machine/ir.ts";
import { TILE_VECTORS, tileRows } from "../tile.ts";
import type { ConvolutionGeometry } from "../geometry.ts";
import { interleavesCheaply } from "../../lanes.ts";
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
  return (
    planarSupports(geometry, machine) &&
    planarTime(geometry, machine) < filterLanesTime(tapsOf(geometry), geometry.outputChannels, machine)
  );
}

/** The cost, in vector multiply-add instructions, of as many pixels as there are lanes. */
function planarTime(geometry: ConvolutionGeometry, machine: MachineTraits): number {
  const { outputChannels, inputChannels } = geometry;
  const layout = planarLayout(geometry, machine);
  const copies = copyTime(inputChannels, machine) + copyTime(outputChannels, machine);
  const time = tapsOf(geometry) * positionTime(outputChannels, machine) + copies;
  return slowness(machine) * time * positionShare(geometry, layout, machine);
}

function tapsOf({ filterHeight, filterWidth, inputChannels }: ConvolutionGeometry): number {
  return filterHeight * filterWidth * inputChannels;
}

/** The cost, in vector multiply-add instructions, of an image with the faster of the two kernels. */
export function gatherTime(geometry: ConvolutionGeometry, machine: MachineTraits): number {
  const { outputHeight, outputWidth, outputChannels } = geometry;
  const time = Math.min(
    filterLanesTime(tapsOf(geometry), outputChannels, machine),
    planarSupports(geometry, machine) ? planarTime(geometry, machine) : Infinity,
  );
  return (time * outputHeight * outputWidth) / machine.lanes;
}

/** Whether the same holds for the filter gradient. */
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
 * The ratio of the planar kernels' time to the cost computed here: WebAssembly has no broadcasts and loads inside of
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

/** The overhead per pixel, in multiply-add instructions, of the kernels whose lanes are filters. */
const PIXEL_TIME = 4;

/** The cost of the kernels whose lanes are filters, in multiply-add instructions, for as many pixels as there are lanes. */
function filterLanesTime(taps: number, outputs: number, machine: MachineTraits): number {
  const block = TILE_VECTORS * machine.lanes;
  if (outputs > block) {
    return filterLanesTime(taps, block, machine) + filterLanesTime(taps, outputs - block, machine);
  }
  const vectors = Math.ceil(outputs / machine.lanes);
  const rows = tileRows(machine, vectors);
  const broadcast = machine.lanes >= 16 ? 0.5 : 1;
  return machine.lanes * (taps * Math.max(vectors, (broadcast * rows + vectors) / rows) + PIXEL_TIME);
}

/**
 * The cost, in multiply-add instructions, of copying a vector of each channel from pixels to planes or back, zeros and epilogue
 * included.
 */
function copyTime(channels: number, machine: MachineTraits): number {
  const shuffles = interleavesCheaply(channels, machine)
    ? channels * Math.ceil(Math.log2(channels + 1))
    : 2 * Math.ceil(channels / machine.lanes) * machine.lanes * (Math.log2(machine.lanes) + 2);
  return shuffles + 3 * channels;
}
