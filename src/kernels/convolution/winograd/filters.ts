/**
 * @file Transforms filters and packs them as the multiply-add tiles read them: [block of outputs][point][input][lane of
 * the block]. Training changes filters at every step, so this is a kernel too.
 */
import { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable, MachineTraits } from "../../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../../kernel.ts";
import { blockLanes } from "../pack.ts";
import { filterBlockBytes, forEachVector, pointBytes } from "./geometry.ts";
import { squareBytes, transformSquare, type Square } from "./square.ts";
import { TILE_INPUTS, tileTransforms } from "./transforms.ts";
import { machineKernel } from "../../library.ts";
import type { FilterView } from "../../requests.ts";

export const WINOGRAD_FILTERS = machineKernel("winogradFilters", ({ view }, machine) =>
  filterTransformKernel(view, machine),
);

/** Pointers: filter, transformed filters. The view is one of square filters in one group. */
export function filterTransformKernel(view: FilterView, machine: MachineTraits): Kernel {
  const { inputs, columns, strides } = view;
  const { filter: transform } = tileTransforms(columns);
  const k = new KernelBuilder(machine, FIRST_POINTER + 2);
  const [start, end, scratch, filter, packed] = k.parameters;
  const { lanes } = machine;
  // Offsets must not be negative, as those of flipped filters would be: they count from a row's lowest number.
  const lowest = Math.min(0, (columns - 1) * strides.column);
  const source = k.add(filter, (view.offset + lowest) * FLOAT_BYTES);
  const pointStride = pointBytes(inputs, blockLanes(machine));
  const columnOffset = (column: number) => (column * strides.column - lowest) * FLOAT_BYTES;
  const transformTo = (to: IntVariable, square: Square) =>
    transformSquare(k, transform, square, scratch, (values) => {
      values.forEach((value, row) => k.store(to, row * TILE_INPUTS * pointStride, value));
      k.increment(to, pointStride);
    });
  const inputTarget = (input: IntExpression) =>
    k.add(packed, k.multiply(input, blockLanes(machine) * FLOAT_BYTES));

  if (!turnsBlocks(view, machine)) {
    k.loop(start, end, 1, (input) => {
      const from = k.intVariable(k.add(source, k.multiply(input, strides.input * FLOAT_BYTES)));
      const target = k.intVariable(inputTarget(input));
      forEachOutputVector(k, view, (output, offset, count) => {
        const load = (row: IntVariable, column: number) =>
          strides.output === 1
            ? k.load(row, columnOffset(column), count)
            : k.gather(row, columnOffset(column), strides.output * FLOAT_BYTES, count);
        const address = k.add(from, k.multiply(output, strides.output * FLOAT_BYTES));
        const to = k.intVariable(k.add(target, offset));
        transformTo(to, { address, rowBytes: strides.row * FLOAT_BYTES, load });
      });
    });
    return { code: k.finish(), units: inputs, scratchBytes: squareBytes(transform, lanes) };
  }

  const vectorBytes = lanes * FLOAT_BYTES;
  const blockBytes = lanes * vectorBytes;
  const turned = k.intVariable(k.add(scratch, squareBytes(transform, lanes)));
  k.loop(start, end, 1, (unit) => {
    const first = k.intVariable(k.multiply(unit, lanes));
    const from = k.intVariable(k.add(source, k.multiply(first, FLOAT_BYTES)));
    const target = k.intVariable(inputTarget(first));
    forEachOutputVector(k, view, (output, offset, count) => {
      const row = k.intVariable(k.add(from, k.multiply(output, strides.output * FLOAT_BYTES)));
      const block = k.intVariable(turned);
      k.loop(0, columns, 1, () => {
        for (let column = 0; column < columns; column++) {
          for (let lane = 0; lane < count; lane++) {
            const value = k.load(row, columnOffset(column) + lane * strides.output * FLOAT_BYTES, lanes);
            k.store(block, column * blockBytes + lane * vectorBytes, value);
          }
        }
        k.increment(row, strides.row * FLOAT_BYTES);
        k.increment(block, columns * blockBytes);
      });
      const load = (line: IntVariable, column: number) =>
        k.gather(line, column * blockBytes, vectorBytes, count);
      k.loop(0, lanes, 1, (input) => {
        const address = k.add(turned, k.multiply(input, FLOAT_BYTES));
        const place = k.multiply(input, blockLanes(machine) * FLOAT_BYTES);
        const to = k.intVariable(k.add(k.add(target, offset), place));
        transformTo(to, { address, rowBytes: columns * blockBytes, load });
      });
    });
  });
  const scratchBytes = squareBytes(transform, lanes) + columns * columns * blockBytes;
  return { code: k.finish(), units: inputs / lanes, scratchBytes };
}

/**
 * Whether filters are read along their inputs, in blocks of as many inputs as outputs that are turned in scratch memory. Where
 * outputs lie far apart, as those of an input gradient do, vectors of outputs would each touch as many lines as they have lanes.
 */
function turnsBlocks({ inputs, strides }: FilterView, { lanes }: MachineTraits): boolean {
  return strides.output !== 1 && strides.input === 1 && inputs % lanes === 0;
}

/** @param visit takes the number of a vector's first output, the offset of its place in the result, and how many lanes it has */
function forEachOutputVector(
  k: KernelBuilder,
  { inputs, outputs }: FilterView,
  visit: (output: IntExpression, offset: IntExpression, count: number) => void,
): void {
  const width = blockLanes(k.machine);
  const blockBytes = filterBlockBytes(inputs, k.machine);
  const block = (number: IntExpression, blockOutputs: number) => {
    const first = k.intVariable(k.multiply(number, width));
    const place = k.intVariable(k.multiply(number, blockBytes));
    forEachVector(k, blockOutputs, (lane, count) =>
      visit(k.add(first, lane), k.add(place, k.multiply(lane, FLOAT_BYTES)), count),
    );
  };
  const full = Math.floor(outputs / width);
  k.loop(0, full, 1, (number) => block(number, width));
  if (outputs % width > 0) block(k.int(full), outputs % width);
}
