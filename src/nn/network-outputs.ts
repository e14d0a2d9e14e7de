/** @file The outputs of a network: which values they are, and their names. */
import { AuricleError } from "../errors.ts";
import type { Shape } from "../tensor/shape.ts";
import type { NetworkNode } from "./build-nodes.ts";
import type { NetworkLayer } from "./layer.ts";
import type { NetworkPlan } from "./network-plan.ts";
import { shownValue } from "../shown-value.ts";

/** A value that a network gives. */
export interface NetworkOutput {
  /** The name it was given; in a list, that of the layer that gives it. */
  readonly name: string;
  /** Its number, as `NodeConfig` says. */
  readonly value: number;
  /** The shape for one example, batch axis left out. */
  readonly shape: Shape;
  /** The layer that gives it. */
  readonly layer: NetworkLayer;
}

/** How outputs were given: one, a list, or by name. It is the form of targets and predictions too. */
export type OutputForm = "one" | "list" | "named";

/** The outputs that a plan names. @throws AuricleError "argument" when one is no layer's, or a name stands for two. */
export function outputsOf(
  plan: NetworkPlan,
  nodes: readonly NetworkNode[],
): { readonly outputs: readonly NetworkOutput[]; readonly form: OutputForm } {
  const at = (value: number): NetworkNode => {
    const node = nodes.at(value - plan.inputs.length);
    if (node && value >= plan.inputs.length) return node;
    throw new AuricleError("argument", `network ${plan.name}: output ${value} is no layer's`);
  };
  const { output } = plan;
  const [form, values] =
    typeof output === "number"
      ? (["one", [{ name: outputName(at(output).layer.name), value: output }]] as const)
      : ([output.form, output.values] as const);
  const givers = values.map(({ value }) => at(value));
  const names = values.map(({ name }) => name);
  if (names.length === 0 || new Set(names).size < names.length || names.includes("")) {
    throw new AuricleError(
      "argument",
      `network ${plan.name}: outputs must have names that differ; got ${shownValue(names)}`,
    );
  }
  return {
    form,
    outputs: values.map(({ name, value }, i) => {
      const { layer, outputShape } = givers[i];
      return { name, value, shape: outputShape, layer };
    }),
  };
}

/** The name of an output that was given none: its layer's, or that of the network which was used as a layer. */
export function outputName(layer: string): string {
  return layer.split("/")[0];
}
