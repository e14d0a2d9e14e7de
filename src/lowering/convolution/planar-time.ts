/** @file The parts of the estimated time of planar kernels, in vector multiply-add instructions. */
import type { ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";
import { planarLayout } from "../../kernels/convolution/planar/layout.ts";
import { interleavesCheaply } from "../../kernels/lanes.ts";
import type { MachineTraits } from "../../machine/ir.ts";

/**
 * The time of as many pixels as there are lanes.
 * @param time that of the products
 */
export function planarTime(time: number, geometry: ConvolutionGeometry, machine: MachineTraits): number {
  const { inputChannels, outputChannels } = geometry;
  const { rows, inputRows } = planarLayout(geometry, machine);
  // Each block copies the rows around it too.
  const halo = Math.max(1, inputRows / rows);
  const copies = halo * copyTime(inputChannels, machine) + copyTime(outputChannels, machine);
  return slowness(machine) * (time + copies) * positionShare(geometry, machine);
}

/**
 * The ratio of the planar kernels' time to the cost computed here: WebAssembly has no broadcasts and loads inside of
 * multiply-adds, of which these kernels have more.
 */
function slowness({ fusedMultiplyAdd, lanes }: MachineTraits): number {
  return lanes > 4 ? 1 : fusedMultiplyAdd ? 1.2 : 1.3;
}

/** Positions that are computed, for each that is stored. */
function positionShare(geometry: ConvolutionGeometry, machine: MachineTraits): number {
  const { outputHeight, outputWidth } = geometry;
  const { vectors, rowBlocks } = planarLayout(geometry, machine);
  return (vectors * rowBlocks * machine.lanes) / (outputHeight * outputWidth);
}

/** Copying a vector of each channel from pixels to planes or back, zeros and epilogue included. */
function copyTime(channels: number, machine: MachineTraits): number {
  const shuffles = interleavesCheaply(channels, machine)
    ? channels * Math.ceil(Math.log2(channels + 1))
    : 2 * Math.ceil(channels / machine.lanes) * machine.lanes * (Math.log2(machine.lanes) + 2);
  return shuffles + 3 * channels;
}
