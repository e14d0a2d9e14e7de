/**
 * @file Pooling: the mean value of each window, or the largest one, its cell's number, or both.
 *
 * Rows of outputs are units. A window at a border has fewer cells: padding is neither compared nor counted. The input may be
 * arithmetic that is done as it is read.
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { MachineTraits, VectorExpression } from "../../machine/ir.ts";
import { FIRST_POINTER, type Kernel } from "../kernel.ts";
import { PrologueReader } from "./prologue.ts";
import { planUnits, PoolingWalk, type Cell, type WindowVector } from "./walk.ts";
import { machineKernel } from "../library.ts";
import type { PoolingRequest, PoolingResult } from "../requests.ts";

export const POOLING = machineKernel("pooling", poolingKernel);

/** Pointers: the prologue's operands, then the results. */
export function poolingKernel(
  { geometry, results, prologue }: PoolingRequest,
  machine: MachineTraits,
): Kernel {
  const plan = planUnits(geometry, true);
  const k = new KernelBuilder(machine, FIRST_POINTER + prologue.operands.length + results.length);
  const pointers = k.parameters.slice(FIRST_POINTER);
  const reader = new PrologueReader(k, prologue, pointers.slice(0, prologue.operands.length));
  const walk = new PoolingWalk(k, geometry, plan, {
    inputs: reader.pointersOf("tensor"),
    vectors: reader.pointersOf("vector"),
    outputs: pointers.slice(prologue.operands.length),
  });
  walk.forEachUnit((unit) =>
    walk.forEachWindow(unit, (vector) => {
      const { places, offset, count } = vector;
      const values = compute(k, walk, vector, results, reader.at(vector));
      values.forEach((value, i) => {
        k.store(places.outputs[i], offset, count < machine.lanes ? k.let(value) : value, count);
      });
    }),
  );
  return { code: k.finish(), units: plan.units, scratchBytes: 0 };
}

type ValueOf = (cell: Cell) => VectorExpression;

function compute(
  k: KernelBuilder,
  walk: PoolingWalk,
  vector: WindowVector,
  results: readonly PoolingResult[],
  valueOf: ValueOf,
): VectorExpression[] {
  if (results.includes("mean")) return [mean(k, walk, vector, valueOf)];
  if (!results.includes("winner")) return [maximum(k, walk, vector, valueOf)];
  const values = maximumAndWinner(k, walk, vector, valueOf);
  return results.map((result) => (result === "max" ? values.max : values.winner));
}

function mean(k: KernelBuilder, walk: PoolingWalk, vector: WindowVector, valueOf: ValueOf): VectorExpression {
  const total = k.vectorVariable(k.constant(0));
  walk.forEachCell(vector, (cell) => {
    k.setVector(total, cell.isFirst ? valueOf(cell) : k.binary("add", total, valueOf(cell)));
  });
  return k.binary("multiply", total, k.constant(1 / (vector.rows * vector.columns)));
}

function maximum(
  k: KernelBuilder,
  walk: PoolingWalk,
  vector: WindowVector,
  valueOf: ValueOf,
): VectorExpression {
  const { offset, count, places, rows, columns } = vector;
  const isLooped = !walk.isUnrolled(rows, columns);
  const best = k.vectorVariable(isLooped ? k.load(places.inputs[0], offset, count) : k.constant(0));
  walk.forEachCell(vector, (cell) => {
    k.setVector(best, cell.isFirst ? valueOf(cell) : k.binary("max", best, valueOf(cell)));
  });
  return best;
}

function maximumAndWinner(
  k: KernelBuilder,
  walk: PoolingWalk,
  vector: WindowVector,
  valueOf: ValueOf,
): { max: VectorExpression; winner: VectorExpression } {
  const max = k.vectorVariable(k.constant(0));
  const winner = k.vectorVariable(k.constant(0));
  let number = 0;
  walk.forEachCell(vector, (cell) => {
    const value = k.let(valueOf(cell));
    if (cell.isFirst) {
      k.setVector(max, value);
    } else {
      k.setVector(winner, k.select(k.binary("less", max, value), k.constant(number), winner));
      k.setVector(max, k.binary("max", max, value));
    }
    number++;
  });
  return { max, winner };
}
