/**
 * @file Reductions of fused expressions over any axes, several over the same ones in one pass. Two shapes of loop,
 * after merging axes:
 *
 *   the last axis is kept ("column"):           the last axis is reduced ("row"):
 *     for unit: a place on the kept axes,          for unit: a place on the kept axes
 *       a block of vectors of the last               one accumulator vector
 *       accumulators, one a vector and result        for each reduced axis, vectors of the last:
 *       for each reduced axis:                         accumulate
 *         accumulate                                 combine the lanes
 *       store
 *
 * Columns fewer than lanes, or no multiple of them, leave lanes empty: then several rows count as one, and their columns
 * are added up at the end.
 *
 * A unit is computed by one thread in one order, so the bits do not depend on the number of threads.
 */
import { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression, MachineTraits, VectorExpression, VectorVariable } from "../machine/ir.ts";
import { emitExpressions } from "./expression.ts";
import { FIRST_POINTER, FLOAT_BYTES, type Kernel } from "./kernel.ts";
import { atBlock, blockCount } from "./shares.ts";
import {
  collapse,
  Cursor,
  nest,
  seek,
  vectorLoop,
  type CollapsedSpace,
  type StridedOperand,
} from "./strided.ts";
import { machineKernel } from "./library.ts";
import type { ReduceRequest } from "./requests.ts";

const IDENTITY = { sum: 0, max: -Infinity, min: Infinity } as const;
/** Vectors of a result that a column unit accumulates side by side: enough to hide the latency of an addition. */
const COLUMN_VECTORS = 4;

/** Most accumulators where several rows count as one: they should stay in registers. */
const WIDE_VECTORS = 8;

export const REDUCE = machineKernel("reduce", reduceKernel);

/** Pointers: the memory operands in order, then the outputs. */
export function reduceKernel(request: ReduceRequest, machine: MachineTraits): Kernel {
  const { shape, operands } = request;
  const reduced = shape.map((_, axis) => request.axes.includes(axis));
  const places = [...operands, ...request.expressions.map(() => outputPlace(shape, reduced))];
  const { space, together } = rowsAsOne(request, collapse(shape, places, reduced), machine);
  const memoryPlaces = places.filter((place) => place.source === "memory").length;
  const k = new KernelBuilder(machine, FIRST_POINTER + memoryPlaces);
  let pointer = FIRST_POINTER;
  const cursors = places.map((operand, i) =>
    Cursor.start(
      k,
      operand,
      space.strides[i],
      operand.source === "memory" ? k.parameters[pointer++] : undefined,
    ),
  );
  const lastIsReduced = space.labels.at(-1) ?? true;
  if (lastIsReduced) {
    const units = rows(k, request, space, cursors);
    return { code: k.finish(), units, scratchBytes: 0 };
  }
  const units = columns(k, request, space, cursors, together);
  const scratchBytes = together === 1 ? 0 : (space.shape.at(-1) ?? 1) * FLOAT_BYTES;
  return { code: k.finish(), units, scratchBytes };
}

/** Takes so many rows for one as fill whole vectors, where columns do not and rows lie one after the other. */
function rowsAsOne(
  { operands, expressions }: ReduceRequest,
  space: CollapsedSpace,
  { lanes }: MachineTraits,
): { space: CollapsedSpace; together: number } {
  const { shape, strides, labels } = space;
  const [row, column] = [shape.length - 2, shape.length - 1];
  const inner = shape[column];
  const powerOfTwo = inner & -inner;
  const together = Math.max(1, lanes / powerOfTwo);
  const isOneRun = strides
    .slice(0, operands.length)
    .every((operand) => operand[row] === inner * operand[column]);
  const joins =
    together > 1 &&
    labels[row] &&
    !labels[column] &&
    shape[row] % together === 0 &&
    (together * inner * expressions.length) / lanes <= WIDE_VECTORS &&
    isOneRun;
  if (!joins) return { space, together: 1 };
  return {
    space: {
      labels,
      shape: [...shape.slice(0, row), shape[row] / together, inner * together],
      strides: strides.map((one) => [...one.slice(0, row), one[row] * together, one[column]]),
    },
    together,
  };
}

/** The output's strides over the input's index space: 0 along reduced axes. */
function outputPlace(shape: readonly number[], reduced: readonly boolean[]): StridedOperand {
  const strides = new Array<number>(shape.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (reduced[axis]) continue;
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return { source: "memory", strides, offset: 0 };
}

function axesWhere(space: CollapsedSpace, reduced: boolean): number[] {
  return space.labels.flatMap((label, axis) => (label === reduced ? [axis] : []));
}

function product(shape: readonly number[], axes: readonly number[]): number {
  return axes.reduce((total, axis) => total * shape[axis], 1);
}

function accumulate(
  k: KernelBuilder,
  combine: ReduceRequest["combine"],
  accumulator: VectorVariable,
  value: VectorExpression,
): void {
  if (combine === "sum") {
    k.setVector(accumulator, k.binary("add", value, accumulator));
    return;
  }
  // The machine's max keeps a NaN in its first argument and drops one in its second; the definition keeps both.
  const bound = k.let(value);
  const extremum = k.binary(combine, accumulator, bound);
  k.setVector(accumulator, k.select(k.binary("equal", bound, bound), extremum, bound));
}

/** The combination of all lanes; NaN if one of them is. */
function combineLanes(
  k: KernelBuilder,
  combine: ReduceRequest["combine"],
  lanes: VectorVariable,
): VectorExpression {
  if (combine === "sum") return k.horizontal("add", lanes);
  const notNumbers = k.vectorVariable(k.binary("and", k.binary("notEqual", lanes, lanes), k.constant(1)));
  const none = k.binary("equal", k.horizontal("add", notNumbers), k.constant(0));
  return k.select(none, k.horizontal(combine, lanes), k.constant(NaN));
}

function rows(
  k: KernelBuilder,
  request: ReduceRequest,
  space: CollapsedSpace,
  cursors: readonly Cursor[],
): number {
  const { shape } = space;
  const kept = axesWhere(space, false);
  const inner = shape.at(-1) ?? 1;
  const outerReduced = axesWhere(space, true).slice(0, -1);
  const units = product(shape, kept);
  const { combine, expressions } = request;
  const operandCount = request.operands.length;
  k.loop(k.parameters[0], k.parameters[1], 1, (unit) => {
    const placed = seek(k, shape, kept, unit, cursors);
    const identity = k.constant(IDENTITY[combine]);
    const accumulators = expressions.map(() => k.vectorVariable(identity));
    nest(k, shape, outerReduced, placed.slice(0, operandCount), (inside) => {
      const at = inside.map((cursor) => cursor.hoisted());
      vectorLoop(k, inner, (position, count) => {
        const values = emitExpressions(k, expressions, (i) => at[i].vector(position, count));
        values.forEach((value, i) => {
          const given = count < k.machine.lanes ? k.select(k.firstLanes(count), value, identity) : value;
          accumulate(k, combine, accumulators[i], given);
        });
      });
    });
    accumulators.forEach((accumulator, i) => {
      k.setVector(accumulator, combineLanes(k, combine, accumulator));
      k.store(placed[operandCount + i].base, 0, accumulator, 1);
    });
  });
  return units;
}

function columns(
  k: KernelBuilder,
  request: ReduceRequest,
  space: CollapsedSpace,
  cursors: readonly Cursor[],
  together: number,
): number {
  const { shape } = space;
  const { lanes } = k.machine;
  const { combine, expressions } = request;
  const operandCount = request.operands.length;
  const keptOuter = axesWhere(space, false).slice(0, -1);
  const reducedAxes = axesWhere(space, true);
  const inner = shape.at(-1) ?? 1;
  const elementBlocks = { length: inner, width: together > 1 ? inner : COLUMN_VECTORS * lanes };
  const blocks = blockCount(elementBlocks);

  const block = (at: readonly Cursor[], elements: number, bytes: IntExpression | undefined) => {
    const counts: number[] = [];
    for (let left = elements; left > 0; left -= lanes) counts.push(Math.min(left, lanes));
    const identity = k.constant(IDENTITY[combine]);
    const accumulators = counts.map(() => expressions.map(() => k.vectorVariable(identity)));
    nest(k, shape, reducedAxes, at.slice(0, operandCount), (cursorsInside) => {
      const inside = cursorsInside.map((cursor) => cursor.hoisted());
      counts.forEach((count, i) => {
        const position = { elements: i * lanes, bytes };
        const values = emitExpressions(k, expressions, (operand) => inside[operand].vector(position, count));
        values.forEach((value, result) => accumulate(k, combine, accumulators[i][result], value));
      });
    });
    const results = at.slice(operandCount);
    if (together > 1) storeTogether(k, combine, accumulators, inner / together, results);
    else storeVectors(k, accumulators, counts, results, bytes);
  };

  k.loop(k.parameters[0], k.parameters[1], 1, (unit) => {
    const which = k.intVariable(k.remainder(unit, blocks));
    const outer = k.intVariable(k.divide(unit, blocks));
    const placed = seek(k, shape, keptOuter, outer, cursors);
    const bytes = k.intVariable(k.multiply(which, elementBlocks.width * FLOAT_BYTES));
    atBlock(k, elementBlocks, which, (elements) => block(placed, elements, bytes));
  });
  return product(shape, keptOuter) * blocks;
}

/** Stores accumulators [vector][result] from a place of each result on. */
function storeVectors(
  k: KernelBuilder,
  accumulators: readonly (readonly VectorVariable[])[],
  counts: readonly number[],
  results: readonly Cursor[],
  bytes: IntExpression | undefined,
): void {
  counts.forEach((count, i) => {
    accumulators[i].forEach((accumulator, result) => {
      const { address, offset } = results[result].address({ elements: i * k.machine.lanes, bytes });
      k.store(address, offset, accumulator, count);
    });
  });
}

/** Combines the rows of `width` columns that lie in the vectors of each result one after the other, and stores that. */
function storeTogether(
  k: KernelBuilder,
  combine: ReduceRequest["combine"],
  accumulators: readonly (readonly VectorVariable[])[],
  width: number,
  results: readonly Cursor[],
): void {
  const { lanes } = k.machine;
  const scratch = k.parameters[2];
  const rows = (accumulators.length * lanes) / width;
  results.forEach(({ base }, result) => {
    accumulators.forEach((vector, i) => k.store(scratch, i * lanes * FLOAT_BYTES, vector[result]));
    for (let column = 0; column < width; column += lanes) {
      const count = Math.min(lanes, width - column);
      const at = (row: number) => k.load(scratch, (row * width + column) * FLOAT_BYTES, count);
      const total = k.vectorVariable(at(0));
      for (let row = 1; row < rows; row++) accumulate(k, combine, total, at(row));
      k.store(base, column * FLOAT_BYTES, total, count);
    }
  });
}
