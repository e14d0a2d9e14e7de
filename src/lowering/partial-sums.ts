import type { Lowering } from "../graph/lowering.ts";
import type { KernelRequest } from "../kernels/requests.ts";
import { REDUCE } from "../kernels/reduce.ts";

/**
 * A kernel that sums over shares of the images, each into a partial result of its own, then their sum. The kernel
 * writes [shares, …output]; with one share it writes the output itself.
 */
export function lowerPartialSums(lowering: Lowering, shares: number, request: KernelRequest): void {
  const { inputs, output, call } = lowering;
  const partials = shares === 1 ? output : lowering.temporary(shares * output.words);
  call(request, inputs, [partials], true);
  if (shares === 1) return;
  const sum: KernelRequest = {
    kind: REDUCE,
    shape: [shares, output.words],
    axes: [0],
    combine: "sum",
    operands: [{ source: "memory", strides: [output.words, 1], offset: 0 }],
    expressions: [{ kind: "operand", index: 0 }],
  };
  call(sum, [partials], [output]);
}
