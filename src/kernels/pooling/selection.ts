/**
 * @file For second derivatives of max pooling: of another tensor, the value where each window has its maximum.
 */
import { KernelBuilder } from "../../machine/builder.ts";
import type { MachineTraits, VectorExpression } from "../../machine/ir.ts";
import { FIRST_POINTER, type Kernel } from "../kernel.ts";
import { type PoolingGeometry } from "./geometry.ts";
import { planUnits, PoolingWalk, type WindowVector } from "./walk.ts";
import { machineKernel } from "../library.ts";

export const POOLING_SELECTION = machineKernel("poolingSelection", ({ geometry }, machine) =>
  poolingSelectionKernel(geometry, machine),
);

/** Pointers: input, maxima, values, output. */
export function poolingSelectionKernel(geometry: PoolingGeometry, machine: MachineTraits): Kernel {
  const plan = planUnits(geometry, true);
  const k = new KernelBuilder(machine, FIRST_POINTER + 4);
  const [input, maxima, values, output] = k.parameters.slice(FIRST_POINTER);
  const walk = new PoolingWalk(k, geometry, plan, { inputs: [input, values], outputs: [output, maxima] });
  walk.forEachUnit((unit) =>
    walk.forEachWindow(unit, (vector) => {
      const { places, offset, count } = vector;
      k.store(places.outputs[0], offset, selection(k, walk, vector), count);
    }),
  );
  return { code: k.finish(), units: plan.units, scratchBytes: 0 };
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
