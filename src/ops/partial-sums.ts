import type { Lowering } from "../graph/lowering.ts";
import type { Kernel } from "../kernels/kernel.ts";
import { reduceKernel, reduceKey, type ReduceRequest } from "../kernels/reduce.ts";
import type { MachineTraits } from "../machine/ir.ts";

/**
 * A kernel that sums over shares of the images, each into a partial result of its own, then their sum. The kernel
 * writes [shares, …output]; with one share it writes the output itself.
 */
export function lowerPartialSums(
  lowering: Lowering,
  shares: number,
  key: string,
  build: (machine: MachineTraits) => Kernel,
): void {
  const { inputs, output } = lowering;
  const partials = shares === 1 ? output : lowering.temporary(shares * output.words);
  lowering.call(key, build, inputs, [partials], true);
  if (shares === 1) return;
  const request: ReduceRequest = {
    shape: [shares, output.words],
    axes: [0],
    combine: "sum",
    operands: [{ source: "memory", strides: [output.words, 1], offset: 0 }],
    expressions: [{ kind: "operand", index: 0 }],
  };
  lowering.call(reduceKey(request), (machine) => reduceKernel(request, machine), [partials], [output]);
}
