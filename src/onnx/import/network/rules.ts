/** @file The layers that nodes become. A rule makes the layer and returns true, or returns false where there is none for its node. */
import * as activations from "./rules-activations.ts";
import type { Builder } from "./builder.ts";
import type { OnnxNode } from "../graph.ts";
import * as merges from "./rules-merges.ts";
import * as products from "./rules-products.ts";
import * as views from "./rules-views.ts";
import * as windows from "./rules-windows.ts";
import * as normalizations from "./rules-normalizations.ts";

export type LayerRule = (builder: Builder, node: OnnxNode) => boolean;

const RULES: ReadonlyMap<string, LayerRule> = new Map<string, LayerRule>(
  Object.entries({
    ...activations.RULES,
    ...merges.RULES,
    ...products.RULES,
    ...views.RULES,
    ...windows.RULES,
    ...normalizations.RULES,
  }),
);

/** The layer of a node, where there is one and all that it takes are constants and examples. */
export function applyRule(builder: Builder, node: OnnxNode): boolean {
  const rule = RULES.get(node.operation);
  const [output] = node.outputs;
  if (!rule || !builder.facts.example(output) || !builder.facts.isFloat(output)) return false;
  const fits = node.inputs.every(
    (name) =>
      name === "" ||
      builder.facts.constant(name) ||
      (builder.facts.example(name) && builder.facts.isFloat(name)) ||
      isShapeInput(builder, node, name),
  );
  return fits && rule(builder, node);
}

/** Whether it is the shape that a reshape asks for, which may be computed from the batch: the result's shape tells it as well. */
function isShapeInput({ facts }: Builder, node: OnnxNode, name: string): boolean {
  return node.operation === "Reshape" && node.inputs[1] === name && facts.value(name)?.known !== undefined;
}
