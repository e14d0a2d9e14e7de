/** @file Normalisations with weights. */
import { batchNormalization, groupNormalization, layerNormalization } from "../../../nn/index.ts";
import type { FloatArray } from "../../../tensor/array.ts";
import type { OnnxNode } from "../graph.ts";
import type { Builder } from "./builder.ts";

/** Numbers for each channel; undefined for what is not constant or not as many. */
function vector(builder: Builder, name: string | undefined, length: number): FloatArray | undefined {
  const known = name ? builder.facts.constant(name)?.known : undefined;
  return known?.length === length ? { shape: [length], data: Float32Array.from(known) } : undefined;
}

function attribute({ attributes }: OnnxNode, name: string, fallback: number): number {
  const value = attributes[name] ?? fallback;
  return typeof value === "number" ? value : fallback;
}

function batch(builder: Builder, node: OnnxNode): boolean {
  const [input, ...names] = node.inputs;
  const shape = builder.facts.example(input);
  if (!shape || shape.length < 1 || attribute(node, "training_mode", 0) !== 0) return false;
  const [gamma, beta, movingMean, movingVariance] = names
    .slice(0, 4)
    .map((name) => vector(builder, name, shape[0]));
  if (!gamma || !beta || !movingMean || !movingVariance) return false;
  const options = { epsilon: attribute(node, "epsilon", 1e-5), momentum: attribute(node, "momentum", 0.9) };
  const weights = { gamma, beta, movingMean, movingVariance };
  const layer = builder.layer(node, names, (name) => batchNormalization({ name, ...options }), weights);
  // Lists of numbers that come from channels last would need their weights in another order.
  if (shape.length === 1) builder.set(node.outputs[0], { asIs: layer.apply(builder.asIs(input)) });
  else builder.set(node.outputs[0], { last: layer.apply(builder.last(input)) });
  return true;
}

function byGroups(builder: Builder, node: OnnxNode, groups: number): boolean {
  const [input, scale, bias] = node.inputs;
  const shape = builder.facts.example(input);
  if (!shape || shape.length < 2) return false;
  const [gamma, beta] = [scale, bias].map((name) => vector(builder, name, shape[0]));
  if (!gamma || !beta) return false;
  const epsilon = attribute(node, "epsilon", 1e-5);
  const layer = builder.layer(node, [scale, bias], (name) => groupNormalization({ name, groups, epsilon }), {
    gamma,
    beta,
  });
  builder.set(node.outputs[0], { last: layer.apply(builder.last(input)) });
  return true;
}

function layer(builder: Builder, node: OnnxNode): boolean {
  const [input, scale, bias = ""] = node.inputs;
  const shape = builder.facts.example(input);
  if (!shape || node.outputs.slice(1).some((name) => name !== "" && builder.readersOf(name).length > 0))
    return false;
  const rank = shape.length + 1;
  const given = attribute(node, "axis", -1);
  const axis = given < 0 ? given + rank : given;
  const length = shape[shape.length - 1];
  const gamma = vector(builder, scale, length);
  const beta = vector(builder, bias, length);
  if (axis !== rank - 1 || !gamma || (bias !== "" && !beta)) return false;
  const epsilon = attribute(node, "epsilon", 1e-5);
  const made = builder.layer(
    node,
    [scale, bias],
    (name) => layerNormalization({ name, epsilon, center: beta !== undefined }),
    { gamma, ...(beta && { beta }) },
  );
  builder.set(node.outputs[0], { asIs: made.apply(builder.asIs(input)) });
  return true;
}

export const RULES = {
  BatchNormalization: batch,
  GroupNormalization: (builder: Builder, node: OnnxNode) =>
    byGroups(builder, node, attribute(node, "num_groups", 1)),
  InstanceNormalization: (builder: Builder, node: OnnxNode) => byGroups(builder, node, -1),
  LayerNormalization: layer,
};
