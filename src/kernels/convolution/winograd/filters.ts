/**
 * @file Transforms filters and packs them as the multiply-add tiles read them: [block of outputs][point][input][lane of
 * the block]. Training changes filters at every step, so this is a kernel too.
 */
import { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, MachineTraits } from "../../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import { blockLanes, type FilterView } from "../pack.ts";
import { forEachVector } from "./geometry.ts";
import { POINTS, TILE_INPUTS, transformFilter, transformSquare } from "./transforms.ts";

export function filterTransformKey({ inputs, outputs, strides, offset }: FilterView): string {
  const { row, column, input, output } = strides;
  return `winograd filters ${inputs}>${outputs} strides ${[row, column, input, output].join(",")}+${offset}`;
}

/** Pointers: filter, transformed filters. The view is one of 3×3 filters in one group. */
export function filterTransformKernel(view: FilterView, machine: MachineTraits): Kernel {
  const { inputs, outputs, rows, columns, strides } = view;
  const k = new KernelBuilder(machine, FIRST_POINTER + 2);
  const [start, end, , filter, packed] = k.parameters;
  const width = blockLanes(machine);
  // Offsets must not be negative, as those of flipped filters would be: they count from the lowest number.
  const lowest = Math.min(0, (rows - 1) * strides.row) + Math.min(0, (columns - 1) * strides.column);
  const pointBytes = inputs * width * FLOAT_BYTES;
  k.loop(start, end, 1, (input) => {
    const first = k.multiply(input, strides.input * FLOAT_BYTES);
    const source = k.intVariable(k.add(k.add(filter, (view.offset + lowest) * FLOAT_BYTES), first));
    const target = k.intVariable(k.add(packed, k.multiply(input, width * FLOAT_BYTES)));
    const vector = (from: IntExpression, to: IntExpression, count: number) =>
      transformSquare(
        k,
        transformFilter,
        rows,
        (row, column) => {
          const element = row * strides.row + column * strides.column - lowest;
          const offset = element * FLOAT_BYTES;
          if (strides.output === 1) return k.load(from, offset, count);
          return k.gather(from, offset, strides.output * FLOAT_BYTES, count);
        },
        (row, values) =>
          values.forEach((value, column) => k.store(to, (row * TILE_INPUTS + column) * pointBytes, value)),
      );
    const block = (number: IntExpression, blockOutputs: number) => {
      const from = k.intVariable(k.add(source, k.multiply(number, width * strides.output * FLOAT_BYTES)));
      const to = k.intVariable(k.add(target, k.multiply(number, POINTS * pointBytes)));
      forEachVector(k, blockOutputs, (lane, count) =>
        vector(
          k.intVariable(k.add(from, k.multiply(lane, strides.output * FLOAT_BYTES))),
          k.intVariable(k.add(to, k.multiply(lane, FLOAT_BYTES))),
          count,
        ),
      );
    };
    const full = Math.floor(outputs / width);
    k.loop(0, full, 1, (number) => block(number, width));
    if (outputs % width > 0) block(k.int(full), outputs % width);
  });
  return { code: k.finish(), units: inputs, scratchBytes: 0 };
}
