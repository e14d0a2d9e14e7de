/**
 * @file Pooling: the largest or the mean value of each window, and for second derivatives of the former, another
 * tensor's value where the largest one is.
 *
 * Rows of outputs are units. A window at a border has fewer cells: padding is neither compared nor counted.
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { MachineTraits, VectorExpression } from "../../machine/ir.ts";
import { FIRST_POINTER, type Kernel } from "../kernel.ts";
import { poolingGeometryKey, type PoolingGeometry } from "./geometry.ts";
import { planUnits, PoolingWalk, type WindowVector } from "./walk.ts";

export interface PoolingRequest {
  readonly geometry: PoolingGeometry;
  /** "selection": of the first cell that equals the given maximum, the value of another tensor. */
  readonly result: "max" | "mean" | "selection";
}

export function poolingKey({ geometry, result }: PoolingRequest): string {
  return `pooling ${result} ${poolingGeometryKey(geometry)}`;
}

/** Pointers: input, output; for "selection" input, maxima, values, output. */
export function poolingKernel({ geometry, result }: PoolingRequest, machine: MachineTraits): Kernel {
  const plan = planUnits(geometry, true);
  const isSelection = result === "selection";
  const k = new KernelBuilder(machine, FIRST_POINTER + (isSelection ? 4 : 2));
  const [first, second, third, fourth] = k.parameters.slice(FIRST_POINTER);
  const pointers = isSelection
    ? { inputs: [first, third], outputs: [fourth, second] }
    : { inputs: [first], outputs: [second] };
  const walk = new PoolingWalk(k, geometry, plan, pointers);
  const compute = { max: maximum, mean, selection }[result];
  walk.forEachUnit((unit) =>
    walk.forEachWindow(unit, (vector) => {
      const value = compute(k, walk, vector);
      const { places, offset, count } = vector;
      k.store(places.outputs[0], offset, count < machine.lanes ? k.let(value) : value, count);
    }),
  );
  return { code: k.finish(), units: plan.units, scratchBytes: 0 };
}

function maximum(k: KernelBuilder, walk: PoolingWalk, vector: WindowVector): VectorExpression {
  const { offset, count, places, rows, columns } = vector;
  const isLooped = !walk.isUnrolled(rows, columns);
  const best = k.vectorVariable(isLooped ? k.load(places.inputs[0], offset, count) : k.constant(0));
  walk.forEachCell(vector, (cell) => {
    k.setVector(best, cell.isFirst ? cell.load(0) : k.binary("max", best, cell.load(0)));
  });
  return best;
}

function mean(k: KernelBuilder, walk: PoolingWalk, vector: WindowVector): VectorExpression {
  const total = k.vectorVariable(k.constant(0));
  walk.forEachCell(vector, (cell) => {
    k.setVector(total, cell.isFirst ? cell.load(0) : k.binary("add", total, cell.load(0)));
  });
  return k.binary("multiply", total, k.constant(1 / (vector.rows * vector.columns)));
}

function selection(k: KernelBuilder, walk: PoolingWalk, vector: WindowVector): VectorExpression {
  const { offset, count, places } = vector;
  const maxima = k.let(k.load(places.outputs[1], offset, count));
  const value = k.vectorVariable(k.constant(0));
  // All bits until the first equal cell has been met.
  const open = k.vectorVariable(k.intConstant(-1));
  walk.forEachCell(vector, (cell) => {
    const hit = k.vectorVariable(k.binary("and", k.binary("equal", cell.load(0), maxima), open));
    k.setVector(open, k.binary("xor", open, hit));
    k.setVector(value, k.binary("or", value, k.binary("and", cell.load(1), hit)));
  });
  return value;
}
