/**
 * @file Gradients of pooling: each window hands its output's gradient to its cells.
 *
 *   for unit (image and row where windows of neighbouring rows share no cells, else image and block of channels):
 *     fill the unit's part of the result with 0, if windows overlap or leave cells out
 *     for window, in order:
 *       mean: each cell gets gradient / cells
 *       max: the first cell that equals the window's maximum gets the gradient
 *
 * Windows that overlap add to the stored values, in one order; others store, and elementwise arithmetic may follow before they do.
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, MachineTraits, VectorExpression } from "../../machine/ir.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "../kernel.ts";
import { vectorLoop } from "../strided.ts";
import { emitEpilogue } from "../epilogue.ts";
import { coversInput, overlaps, type PoolingGeometry } from "./geometry.ts";
import type { Finish } from "./group.ts";
import { planUnits, PoolingWalk, type Cell, type Unit, type WindowVector } from "./walk.ts";
import { machineKernel } from "../library.ts";
import type { PoolingGradientRequest } from "../requests.ts";

/** Whether each cell of the input's gradient is the share of one window. */
export function writesCellsOnce(geometry: PoolingGeometry): boolean {
  return !accumulatesIn(geometry) && coversInput(geometry);
}

function accumulatesIn(geometry: PoolingGeometry): boolean {
  return overlaps(geometry, 0) || overlaps(geometry, 1);
}

export const POOLING_GRADIENT = machineKernel("poolingGradient", poolingGradientKernel);

/** Pointers: for "max" input, maxima, output gradient, the epilogue's operands, input gradient; "mean" has no first two. */
export function poolingGradientKernel(
  { geometry, result, epilogue }: PoolingGradientRequest,
  machine: MachineTraits,
): Kernel {
  const plan = planUnits(geometry, !overlaps(geometry, 0));
  const isMax = result === "max";
  const operands = epilogue?.operands.length ?? 0;
  const k = new KernelBuilder(machine, FIRST_POINTER + (isMax ? 4 : 2) + operands);
  const pointers = k.parameters.slice(FIRST_POINTER);
  const gradientOfInput = pointers[pointers.length - 1];
  const epilogueOperands = pointers.slice(-1 - operands, -1);
  const [first, second, third] = pointers;
  const walk = new PoolingWalk(k, geometry, plan, {
    inputs: [gradientOfInput, ...(isMax ? [first] : []), ...epilogueOperands],
    outputs: isMax ? [third, second] : [first],
  });
  const firstOperand = isMax ? 2 : 1;
  const finish: Finish = (value, load) =>
    emitEpilogue(k, epilogue, value, (i) => {
      const { strides = [], offset = 0 } = epilogue?.operands[i] ?? {};
      const isNumber = strides.every((stride) => stride === 0);
      return isNumber ? k.broadcast(epilogueOperands[i], offset * FLOAT_BYTES) : load(firstOperand + i);
    });
  const accumulates = accumulatesIn(geometry);
  const give = (cell: Cell, share: VectorExpression) => {
    if (accumulates) cell.store(0, k.vectorVariable(k.binary("add", cell.load(0), share)));
    else cell.store(0, share, epilogue && finish);
  };
  const spread = isMax ? spreadToMaximum : spreadEvenly;
  walk.forEachUnit((unit) => {
    if (!writesCellsOnce(geometry)) fillZero(k, geometry, unit);
    walk.forEachWindow(unit, (vector) => spread(k, walk, vector, give));
  });
  return { code: k.finish(), units: plan.units, scratchBytes: 0 };
}

type Give = (cell: Cell, share: VectorExpression) => void;

function spreadEvenly(k: KernelBuilder, walk: PoolingWalk, vector: WindowVector, give: Give): void {
  const { places, offset, count, rows, columns } = vector;
  const gradient = k.load(places.outputs[0], offset, count);
  const share = k.let(k.binary("multiply", gradient, k.constant(1 / (rows * columns))));
  walk.forEachCell(vector, (cell) => give(cell, share));
}

function spreadToMaximum(k: KernelBuilder, walk: PoolingWalk, vector: WindowVector, give: Give): void {
  const { places, offset, count } = vector;
  const maxima = k.let(k.load(places.outputs[1], offset, count));
  // Lanes whose cell has been found give their gradient away and go on with 0.
  const left = k.vectorVariable(k.load(places.outputs[0], offset, count));
  walk.forEachCell(vector, (cell) => {
    const taken = k.vectorVariable(k.binary("and", k.binary("equal", cell.load(1), maxima), left));
    k.setVector(left, k.binary("xor", left, taken));
    give(cell, taken);
  });
}

/** Fills what the unit will write: its image, or the rows from its windows' first to the next unit's. */
function fillZero(k: KernelBuilder, geometry: PoolingGeometry, unit: Unit): void {
  const { inputHeight, inputWidth, outputHeight, channels, strides, padding } = geometry;
  const [image] = unit.places.inputs;
  const rowBytes = inputWidth * channels * FLOAT_BYTES;
  const fillRows = (from: IntExpression, to: IntExpression | number) =>
    k.loop(from, to, 1, (row) =>
      fillRow(k, geometry, unit, k.intVariable(k.add(image, k.multiply(row, rowBytes)))),
    );
  if (!unit.row) {
    fillRows(k.int(0), inputHeight);
    return;
  }
  const top = k.multiply(unit.row, strides[0]);
  const from = k.maximum(top, padding[0]);
  const to = k.minimum(k.subtract(k.add(top, strides[0]), padding[0]), inputHeight);
  fillRows(k.intVariable(k.subtract(from, padding[0])), k.intVariable(to));
  k.ifAtLeast(unit.row, outputHeight - 1, () =>
    fillRows(k.int(outputHeight * strides[0] - padding[0]), inputHeight),
  );
}

function fillRow(k: KernelBuilder, geometry: PoolingGeometry, unit: Unit, start: IntExpression): void {
  const zero = k.constant(0);
  const fill = (target: IntExpression, floats: number) =>
    vectorLoop(k, floats, ({ elements, bytes }, count) =>
      k.store(bytes ? k.add(target, bytes) : target, elements * FLOAT_BYTES, zero, count),
    );
  const { inputWidth, channels } = geometry;
  if (unit.channels === channels) fill(start, inputWidth * channels);
  else {
    k.loop(0, inputWidth, 1, (column) =>
      fill(k.intVariable(k.add(start, k.multiply(column, channels * FLOAT_BYTES))), unit.channels),
    );
  }
}
