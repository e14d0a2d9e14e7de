/**
 * @file Filters are read block by block: [group][block of outputs][row][column][input][lane of the block], so that
 * a tile walks through consecutive memory. Training changes filters at every step, so packing is a kernel too.
 */
import type { MachineTraits } from "../../machine/ir.ts";
import { TILE_VECTORS } from "./tile.ts";
import type { ElementwiseRequest, FilterView } from "../requests.ts";

/** The same filter with rows and columns exchanged. */
export function exchangedView(view: FilterView): FilterView {
  const { rows, columns, strides } = view;
  return {
    ...view,
    rows: columns,
    columns: rows,
    strides: { ...strides, row: strides.column, column: strides.row },
  };
}

export function blockLanes(machine: MachineTraits): number {
  return TILE_VECTORS * machine.lanes;
}

export function packedWords(view: FilterView, machine: MachineTraits): number {
  const lanes = blockLanes(machine);
  const blocks = Math.ceil(view.outputs / lanes);
  return view.groups * blocks * view.rows * view.columns * view.inputs * lanes;
}

/** The kernels, run in this order, that pack a filter: pointers are [filter, packed], or [packed] for the zeros. */
export function packFilterRequests(view: FilterView, machine: MachineTraits): ElementwiseRequest[] {
  const lanes = blockLanes(machine);
  const { groups, rows, columns, inputs, outputs, strides } = view;
  const blocks = Math.ceil(outputs / lanes);
  const fullBlocks = Math.floor(outputs / lanes);
  const rest = outputs % lanes;
  const perBlock = rows * columns * inputs * lanes;
  const packed = [blocks * perBlock, perBlock, columns * inputs * lanes, inputs * lanes, lanes, 1];
  const part = (firstBlock: number, blockCount: number, width: number): ElementwiseRequest => ({
    shape: [groups, blockCount, rows, columns, inputs, width],
    operands: [
      {
        source: "memory",
        strides: [
          strides.group,
          lanes * strides.output,
          strides.row,
          strides.column,
          strides.input,
          strides.output,
        ],
        offset: view.offset + firstBlock * lanes * strides.output,
      },
    ],
    outputs: [
      {
        expression: { kind: "operand", index: 0 },
        place: { source: "memory", strides: packed, offset: firstBlock * perBlock },
      },
    ],
  });
  const requests: ElementwiseRequest[] = [];
  if (rest > 0) {
    // Lanes beyond the last output are computed and never stored; zeros keep them from being slow denormals.
    requests.push({
      shape: [groups, perBlock],
      operands: [],
      outputs: [
        {
          expression: { kind: "constant", value: 0 },
          place: { source: "memory", strides: [blocks * perBlock, 1], offset: fullBlocks * perBlock },
        },
      ],
    });
  }
  if (fullBlocks > 0) requests.push(part(0, fullBlocks, lanes));
  if (rest > 0) requests.push(part(fullBlocks, 1, rest));
  return requests;
}
