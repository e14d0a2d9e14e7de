/** @file The estimated time of the kernels whose lanes are filters, beside which others are judged. */
import { TILE_VECTORS, tileRows } from "../../kernels/convolution/tile.ts";
import type { MachineTraits } from "../../machine/ir.ts";

/** The overhead per pixel, in multiply-add instructions. */
const PIXEL_TIME = 4;

/**
 * The time of as many pixels as there are lanes, in multiply-add instructions.
 * @param taps the products of an output
 */
export function filterLanesTime(taps: number, outputs: number, machine: MachineTraits): number {
  const block = TILE_VECTORS * machine.lanes;
  if (outputs > block) {
    return filterLanesTime(taps, block, machine) + filterLanesTime(taps, outputs - block, machine);
  }
  const vectors = Math.ceil(outputs / machine.lanes);
  const rows = tileRows(machine, vectors);
  const broadcast = machine.lanes >= 16 ? 0.5 : 1;
  return machine.lanes * (taps * Math.max(vectors, (broadcast * rows + vectors) / rows) + PIXEL_TIME);
}
