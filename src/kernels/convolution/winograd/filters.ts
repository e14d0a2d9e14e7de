/**
 * @file Transforms filters and packs them as the multiply-add tiles read them: [block of outputs][point][input][lane of
 * the block]. Training changes filters at every step, so this is a kernel too.
 */
import { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import { blockLanes } from "../pack.ts";
import { forEachVector } from "./geometry.ts";
import { squareBytes, transformSquare } from "./square.ts";
import { POINTS, TILE_INPUTS, tileTransforms } from "./transforms.ts";
import { machineKernel } from "../../library.ts";
import type { FilterView } from "../../requests.ts";

export const WINOGRAD_FILTERS = machineKernel("winogradFilters", ({ view }, machine) =>
  filterTransformKernel(view, machine),
);

/** Pointers: filter, transformed filters. The view is one of square filters in one group. */
export function filterTransformKernel(view: FilterView, machine: MachineTraits): Kernel {
  const { inputs, outputs, columns, strides } = view;
  const { filter: transform } = tileTransforms(columns);
  const k = new KernelBuilder(machine, FIRST_POINTER + 2);
  const [start, end, scratch, filter, packed] = k.parameters;
  const width = blockLanes(machine);
  // Offsets must not be negative, as those of flipped filters would be: they count from a row's lowest number.
  const lowest = Math.min(0, (columns - 1) * strides.column);
  const pointBytes = inputs * width * FLOAT_BYTES;
  k.loop(start, end, 1, (input) => {
    const first = k.multiply(input, strides.input * FLOAT_BYTES);
    const source = k.intVariable(k.add(k.add(filter, (view.offset + lowest) * FLOAT_BYTES), first));
    const target = k.intVariable(k.add(packed, k.multiply(input, width * FLOAT_BYTES)));
    const vector = (address: IntExpression, to: IntVariable, count: number) => {
      const load = (row: IntVariable, column: number) => {
        const offset = (column * strides.column - lowest) * FLOAT_BYTES;
        if (strides.output === 1) return k.load(row, offset, count);
        return k.gather(row, offset, strides.output * FLOAT_BYTES, count);
      };
      const square = { address, rowBytes: strides.row * FLOAT_BYTES, load };
      transformSquare(k, transform, square, scratch, (values) => {
        values.forEach((value, row) => k.store(to, row * TILE_INPUTS * pointBytes, value));
        k.increment(to, pointBytes);
      });
    };
    const block = (number: IntExpression, blockOutputs: number) => {
      const from = k.intVariable(k.add(source, k.multiply(number, width * strides.output * FLOAT_BYTES)));
      const to = k.intVariable(k.add(target, k.multiply(number, POINTS * pointBytes)));
      forEachVector(k, blockOutputs, (lane, count) =>
        vector(
          k.add(from, k.multiply(lane, strides.output * FLOAT_BYTES)),
          k.intVariable(k.add(to, k.multiply(lane, FLOAT_BYTES))),
          count,
        ),
      );
    };
    const full = Math.floor(outputs / width);
    k.loop(0, full, 1, (number) => block(number, width));
    if (outputs % width > 0) block(k.int(full), outputs % width);
  });
  return { code: k.finish(), units: inputs, scratchBytes: squareBytes(transform, machine.lanes) };
}
