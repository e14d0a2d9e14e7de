/** @file Nodes that join several values. */
import { add, concatenate, maximum, minimum, multiply, subtract, type Layer } from "../../../nn/index.ts";
import { sameShape } from "../../../tensor/shape.ts";
import type { OnnxNode } from "../graph.ts";
import type { Builder } from "./builder.ts";

/** Values of one shape, element by element. */
const joined =
  (make: (name: string) => Layer, most = Infinity) =>
  (builder: Builder, node: OnnxNode): boolean => {
    const shapes = node.inputs.map((name) => builder.facts.example(name));
    const [first] = shapes;
    if (node.inputs.length < 2 || node.inputs.length > most || !first) return false;
    if (!shapes.every((shape) => shape !== undefined && sameShape(shape, first))) return false;
    const isLast = first.length >= 2 && node.inputs.some((name) => builder.prefersLast(name));
    const tensors = node.inputs.map((name) => (isLast ? builder.last(name) : builder.asIs(name)));
    const output = builder.layer(node, [], make).apply(tensors);
    builder.set(node.outputs[0], isLast ? { last: output } : { asIs: output });
    return true;
  };

function concatenated(builder: Builder, node: OnnxNode): boolean {
  const shapes = node.inputs.map((name) => builder.facts.example(name));
  const [first] = shapes;
  if (!first || node.inputs.length < 2 || shapes.some((shape) => shape === undefined)) return false;
  const rank = first.length + 1;
  const given = Number(node.attributes.axis ?? 1);
  const axis = given < 0 ? given + rank : given;
  if (axis < 1) return false;
  const isLast = rank >= 3 && node.inputs.some((name) => builder.prefersLast(name));
  const lastAxis = axis === 1 ? rank - 1 : axis - 1;
  const place = isLast ? lastAxis : axis;
  const tensors = node.inputs.map((name) => (isLast ? builder.last(name) : builder.asIs(name)));
  const layer = builder.layer(node, [], (name) =>
    concatenate({ name, axis: place === rank - 1 ? -1 : place }),
  );
  const output = layer.apply(tensors);
  builder.set(node.outputs[0], isLast ? { last: output } : { asIs: output });
  return true;
}

export const RULES = {
  Add: joined((name) => add({ name })),
  Concat: concatenated,
  Max: joined((name) => maximum({ name })),
  Min: joined((name) => minimum({ name })),
  Mul: joined((name) => multiply({ name })),
  Sub: joined((name) => subtract({ name }), 2),
  Sum: joined((name) => add({ name })),
};
