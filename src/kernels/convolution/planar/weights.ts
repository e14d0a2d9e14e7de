/** @file Weights in the order in which the planar convolution reads them: [tile of filters][input][row][column][filter]. */
import type { MachineTraits } from "../../../machine/ir.ts";
import { positionTiles } from "./tiling.ts";
import type { ElementwiseRequest, FilterView } from "../../requests.ts";

export function planarWords({ rows, columns, inputs, outputs }: FilterView): number {
  return rows * columns * inputs * outputs;
}

/** One request for each tile of filters. */
export function packPlanarWeights(view: FilterView, machine: MachineTraits): ElementwiseRequest[] {
  const { rows, columns, inputs, outputs, strides, offset } = view;
  let filter = 0;
  return positionTiles(outputs, machine).map(({ filters }) => {
    const first = filter;
    filter += filters;
    return {
      shape: [inputs, rows, columns, filters],
      operands: [
        {
          source: "memory",
          strides: [strides.input, strides.row, strides.column, strides.output],
          offset: offset + first * strides.output,
        },
      ],
      outputs: [
        {
          expression: { kind: "operand", index: 0 },
          place: {
            source: "memory",
            strides: [rows * columns * filters, columns * filters, filters, 1],
            offset: first * rows * columns * inputs,
          },
        },
      ],
    };
  });
}
