/** @file The weights of scattering convolutions, as their kernels read them. */
import type { MachineTraits } from "../../../machine/ir.ts";
import type { ElementwiseRequest, FilterView, RunAxis } from "../../requests.ts";
import { exchangedView } from "../pack.ts";
import { runVectors } from "./frame.ts";

/** The filter with runs along its columns. */
function viewAlongColumns(view: FilterView, run: RunAxis): FilterView {
  return run === "rows" ? exchangedView(view) : view;
}

export function scatterWords(view: FilterView, machine: MachineTraits, run: RunAxis = "columns"): number {
  const { rows, inputs, columns, outputs } = viewAlongColumns(view, run);
  return rows * inputs * runVectors(columns, outputs, machine) * machine.lanes;
}

/**
 * The weights as [row][input][column][output], columns from the last to the first as they reach outputs from left to right,
 * each run filled up with zeros to whole vectors. Of two requests the first, which reads nothing, writes the zeros.
 */
export function packScatterWeights(
  view: FilterView,
  machine: MachineTraits,
  axis: RunAxis = "columns",
): ElementwiseRequest[] {
  const { rows, columns, inputs, outputs, strides, offset } = viewAlongColumns(view, axis);
  const run = runVectors(columns, outputs, machine) * machine.lanes;
  const weights: ElementwiseRequest = {
    shape: [rows, inputs, columns, outputs],
    operands: [
      {
        source: "memory",
        strides: [strides.row, strides.input, -strides.column, strides.output],
        offset: offset + (columns - 1) * strides.column,
      },
    ],
    outputs: [
      {
        expression: { kind: "operand", index: 0 },
        place: { source: "memory", strides: [inputs * run, run, outputs, 1], offset: 0 },
      },
    ],
  };
  if (run === columns * outputs) return [weights];
  const zeros: ElementwiseRequest = {
    shape: [rows * inputs * run],
    operands: [],
    outputs: [
      {
        expression: { kind: "constant", value: 0 },
        place: { source: "memory", strides: [1], offset: 0 },
      },
    ],
  };
  return [zeros, weights];
}
