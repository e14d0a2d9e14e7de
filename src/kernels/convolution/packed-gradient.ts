/** @file A block of the output gradient as the filters' gradient reads it: blocks of outputs, each contiguous. */
import type { Int, KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, MachineTraits } from "../../machine/ir.ts";
import { FLOAT_BYTES } from "../kernel.ts";
import type { FilterGradientPlan } from "./filter-gradient-plan.ts";
import type { ConvolutionGeometry } from "./geometry.ts";
import { blockLanes } from "./pack.ts";

/** Whether all outputs of a pixel are one block without gaps. */
export function readsGradientInPlace(
  { outputChannels, groups }: ConvolutionGeometry,
  machine: MachineTraits,
): boolean {
  return groups === 1 && outputChannels === blockLanes(machine);
}

/** Blocks of outputs, over all groups: [group][block][row][column][lane]. */
export function outputBlocksOf(
  { outputChannels, groups }: ConvolutionGeometry,
  machine: MachineTraits,
): number {
  return Math.ceil(outputChannels / groups / blockLanes(machine));
}

export function packedGradientBytes(
  geometry: ConvolutionGeometry,
  plan: FilterGradientPlan,
  machine: MachineTraits,
): number {
  if (readsGradientInPlace(geometry, machine)) return 0;
  const blocks = geometry.groups * outputBlocksOf(geometry, machine);
  return blocks * plan.rows * plan.columns * blockLanes(machine) * FLOAT_BYTES;
}

export interface BlockSize {
  readonly rows: Int;
  readonly columns: Int;
}

/** Copies a block of the output gradient so that each block of outputs is contiguous; missing lanes become zeros. */
export function packGradient(
  k: KernelBuilder,
  geometry: ConvolutionGeometry,
  plan: FilterGradientPlan,
  gradient: IntExpression,
  packed: IntExpression,
  size: BlockSize,
): void {
  const { outputChannels, outputWidth, groups } = geometry;
  const { lanes } = k.machine;
  const pixelBytes = blockLanes(k.machine) * FLOAT_BYTES;
  const blockBytes = plan.rows * plan.columns * pixelBytes;
  const groupOutputs = outputChannels / groups;
  k.loop(0, size.rows, 1, (row) => {
    const from = k.intVariable(k.add(gradient, k.multiply(row, outputWidth * outputChannels * FLOAT_BYTES)));
    const to = k.intVariable(k.add(packed, k.multiply(row, plan.columns * pixelBytes)));
    k.loop(0, groups, 1, (group) => {
      const groupFrom = k.intVariable(k.add(from, k.multiply(group, groupOutputs * FLOAT_BYTES)));
      const groupTo = k.intVariable(
        k.add(to, k.multiply(group, outputBlocksOf(geometry, k.machine) * blockBytes)),
      );
      const copyBlock = (block: Int, outputs: number) => {
        const source = k.intVariable(k.add(groupFrom, k.multiply(block, pixelBytes)));
        const target = k.intVariable(k.add(groupTo, k.multiply(block, blockBytes)));
        k.loop(0, size.columns, 1, (column) => {
          const pixel = k.intVariable(k.add(source, k.multiply(column, outputChannels * FLOAT_BYTES)));
          const place = k.intVariable(k.add(target, k.multiply(column, pixelBytes)));
          for (let lane = 0; lane < outputs; lane += lanes) {
            const count = Math.min(lanes, outputs - lane);
            k.store(place, lane * FLOAT_BYTES, k.load(pixel, lane * FLOAT_BYTES, count));
          }
        });
      };
      const full = Math.floor(groupOutputs / blockLanes(k.machine));
      const rest = groupOutputs % blockLanes(k.machine);
      k.loop(0, full, 1, (block) => copyBlock(block, blockLanes(k.machine)));
      if (rest > 0) copyBlock(full, rest);
    });
  });
}
