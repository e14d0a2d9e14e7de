/**
 * @file Elementwise kernels: any fused expression over strided operands, so also broadcasting, transposing,
 * slicing, padding and concatenating.
 *
 *   for unit in start … end:            units are the leading axes, or blocks of a space with one axis
 *     for each middle axis:
 *       for each vector of the last axis:
 *         outputs = expressions(operands)
 */
import { KernelBuilder } from "../machine/builder.ts";
import type { MachineTraits } from "../machine/ir.ts";
import { emitExpressions } from "./expression.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "./kernel.ts";
import { collapse, Cursor, nest, seek, vectorLoop, type CollapsedSpace, type Position } from "./strided.ts";
import { ENOUGH_UNITS } from "./shares.ts";
import { machineKernel } from "./library.ts";
import type { ElementwiseRequest } from "./requests.ts";

/** Vectors in a block when the whole space has one axis: small enough to share out, large enough to be worth it. */
const BLOCK_VECTORS = 512;
/** Leading axes become units until there are this many: enough for the threads to share evenly. */
const MOST_SHARED_UNITS = 2 * ENOUGH_UNITS;

/** Where an output's last axis has gaps (its contiguous one had length 1), vectors run along an axis of length 1 instead. */
function withContiguousOutputs(space: CollapsedSpace, operandCount: number): CollapsedSpace {
  const gaps = space.strides.slice(operandCount).some((strides) => (strides.at(-1) ?? 1) !== 1);
  if (!gaps) return space;
  return {
    shape: [...space.shape, 1],
    strides: space.strides.map((strides) => [...strides, 1]),
    labels: [...space.labels, false],
  };
}

export const ELEMENTWISE = machineKernel("elementwise", elementwiseKernel);

/** Pointers: the memory operands in order, then the outputs. */
export function elementwiseKernel(request: ElementwiseRequest, machine: MachineTraits): Kernel {
  const places = [...request.operands, ...request.outputs.map((output) => output.place)];
  const space = withContiguousOutputs(collapse(request.shape, places), request.operands.length);
  const pointerCount = places.filter((place) => place.source === "memory").length;
  const k = new KernelBuilder(machine, FIRST_POINTER + pointerCount);
  const [start, end] = k.parameters;
  let pointer = FIRST_POINTER;
  const cursors = places.map((place, i) =>
    Cursor.start(k, place, space.strides[i], place.source === "memory" ? k.parameters[pointer++] : undefined),
  );

  const visit = (at: readonly Cursor[]) => (position: Position, count: number) => {
    const values = emitExpressions(
      k,
      request.outputs.map((output) => output.expression),
      (operand) => at[operand].vector(position, count),
    );
    // All results before the first store: an output may lie where an operand was.
    const results = values.length > 1 || count < machine.lanes ? values.map((value) => k.let(value)) : values;
    results.forEach((value, i) => {
      const { address, offset } = at[request.operands.length + i].address(position);
      k.store(address, offset, value, count);
    });
  };
  const hoist = (at: readonly Cursor[]) =>
    at.map((cursor, i) => (i < request.operands.length ? cursor.hoisted() : cursor));

  const { shape } = space;
  const inner = shape.at(-1) ?? 1;
  if (shape.length <= 1) {
    const vectorBytes = machine.lanes * FLOAT_BYTES;
    const full = Math.floor(inner / machine.lanes);
    const units = Math.max(1, Math.ceil(full / BLOCK_VECTORS));
    const at = hoist(cursors);
    const blockBytes = BLOCK_VECTORS * vectorBytes;
    const to = k.intVariable(k.minimum(k.multiply(end, blockBytes), full * vectorBytes));
    k.loop(k.multiply(start, blockBytes), to, vectorBytes, (bytes) =>
      visit(at)({ elements: 0, bytes }, machine.lanes),
    );
    const rest = inner % machine.lanes;
    if (rest > 0) {
      k.ifAtLeast(end, units, () => {
        visit(at)({ elements: full * machine.lanes, bytes: undefined }, rest);
      });
    }
    return { code: k.finish(), units, scratchBytes: 0 };
  }

  const outerAxes = shape.slice(0, -1).map((_, axis) => axis);
  let unitAxisCount = 1;
  let units = shape[0];
  while (units < MOST_SHARED_UNITS && unitAxisCount < outerAxes.length) units *= shape[unitAxisCount++];
  k.loop(start, end, 1, (unit) => {
    const placed = seek(k, shape, outerAxes.slice(0, unitAxisCount), unit, cursors);
    nest(k, shape, outerAxes.slice(unitAxisCount), placed, (at) => {
      vectorLoop(k, inner, visit(hoist(at)));
    });
  });
  return { code: k.finish(), units, scratchBytes: 0 };
}
