/**
 * @file Finds the operation that first gave a NaN or an infinity in a training step.
 *
 * The step's graph is compiled once more without fusion, so that each operation's result is in memory, and runs on the
 * same batch, weights and random key. For each result t the program gives only Σ 0·t, which is 0 when all of t is finite
 * and NaN otherwise; so it needs hardly more memory than the step itself.
 */
import { compileGraph, type CompileOptions } from "../../graph/compile.ts";
import { topologicalOrder } from "../../graph/gradient.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { multiply } from "../../ops/arithmetic.ts";
import { sum } from "../../ops/sum.ts";
import type { StepProgram } from "../training/step-programs.ts";

export interface NonFinite {
  /** The first result with a NaN or an infinity in it; all that it was computed from is finite. */
  readonly tensor: Tensor;
  /** Whether it arose on the way back, in the gradients. */
  readonly backward: boolean;
}

/** @returns undefined when without fusion, which rounds a little differently, all results are finite. */
export function firstNonFinite(program: StepProgram, options: CompileOptions): NonFinite | undefined {
  const values = program.inputs.map(({ shape }, i) => ({
    shape,
    data: program.compiled.inputView(i).slice(),
  }));
  const order = topologicalOrder([program.loss, ...program.gradients]);
  const lossAt = order.indexOf(program.loss);
  const unlimited = deliberatelyInfinite(order);
  const watched = order.filter((tensor) => tensor.dtype === "float32" && !unlimited.has(tensor));
  const outputs = watched.map((tensor) => sum(multiply(tensor, 0)));
  const graph = { inputs: program.inputs, outputs, assignments: [] };
  const probe = compileGraph(graph, { ...options, fusion: false });
  values.forEach((array, i) => probe.setInput(i, array));
  probe.run();
  const first = watched.findIndex((_, i) => probe.output(i).data[0] !== 0);
  if (first < 0) return undefined;
  return { tensor: watched[first], backward: order.indexOf(watched[first]) > lossAt };
}

/** Tensors whose infinities are meant: what max pooling pads with, and constants. */
function deliberatelyInfinite(order: readonly Tensor[]): ReadonlySet<Tensor> {
  const result = new Set<Tensor>();
  for (const tensor of order) {
    const { structure } = tensor.operation;
    const padded =
      structure.kind === "assembled" && structure.fill !== undefined && !Number.isFinite(structure.fill);
    const rearranged = structure.kind === "view" || structure.kind === "strided";
    if (
      padded ||
      structure.kind === "constant" ||
      (rearranged && tensor.inputs.some((input) => result.has(input)))
    ) {
      result.add(tensor);
    }
  }
  return result;
}
