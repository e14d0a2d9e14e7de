import type { MachineTraits } from "../../../machine/ir.ts";
import type { ConvolutionGeometry } from "../geometry.ts";
import { blockBytes, planarLayout } from "./layout.ts";

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
