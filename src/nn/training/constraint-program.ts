/** @file The step after an update: brings weights back to values that their constraints allow. */
import { compileGraph, type CompileOptions } from "../../graph/compile.ts";
import type { CompiledGraph } from "../../graph/compiled-graph.ts";
import { assign, collectAssignments } from "../../graph/sources.ts";
import { withScope } from "../../graph/tensor.ts";
import type { Network } from "../network.ts";
import type { WeightEntry } from "../weight-layout.ts";

/** The program that applies the constraints of these weights; undefined where none has one. */
export function constraintProgram(
  network: Network,
  weights: readonly WeightEntry[],
  options: CompileOptions,
): CompiledGraph | undefined {
  if (weights.every(({ constraint }) => !constraint)) return undefined;
  const { assignments } = collectAssignments(() => {
    for (const entry of weights) {
      const { constraint, layer } = entry;
      if (!constraint) continue;
      const variable = network.variable(entry);
      withScope(layer, () => assign(variable, constraint.apply(variable)));
    }
  });
  return compileGraph({ inputs: [], outputs: [], assignments }, options);
}
