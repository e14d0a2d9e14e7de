/** @file Nodes that show the same numbers otherwise. */
import {
  permute,
  reflectionPadding1d,
  reflectionPadding2d,
  zeroPadding1d,
  zeroPadding2d,
  type Layer,
} from "../../../nn/index.ts";
import { sameShape, sizeOf } from "../../../tensor/shape.ts";
import type { OnnxNode } from "../graph.ts";
import type { Builder } from "./builder.ts";

/** The same numbers in the same order under another shape. */
function reshaped(builder: Builder, node: OnnxNode): boolean {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const from = builder.facts.example(input);
  const to = builder.facts.example(output);
  if (!from || !to || sizeOf(from) !== sizeOf(to) || to.length === 0) return false;
  if (!builder.formsOf(input)) builder.asIs(input);
  const forms = builder.formsOf(input) ?? {};
  if (sameShape(from, to)) {
    builder.set(output, { ...forms });
    return true;
  }
  if (forms.flat) {
    builder.set(output, to.length === 1 ? { asIs: forms.flat, flat: forms.flat } : { flat: forms.flat });
    return true;
  }
  const isLastOnly = builder.prefersLast(input) && forms.last;
  if (isLastOnly && to.length === 1) {
    const flat = builder.reshaped(isLastOnly, to, to);
    const open = builder.facts.openExample(input);
    const [channels, ...spatial] = open;
    // One place, or one channel: the order is the same.
    if (channels === 1 || sizeOf(spatial) === 1) builder.set(output, { asIs: flat });
    else builder.set(output, { lastFlat: { tensor: flat, of: from, open } });
    return true;
  }
  const tensor = builder.asIs(input);
  builder.set(output, { asIs: builder.reshaped(tensor, to, builder.facts.openExample(output)) });
  return true;
}

function transposed(builder: Builder, node: OnnxNode): boolean {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const shape = builder.facts.example(input);
  if (!shape) return false;
  const rank = shape.length + 1;
  const given = node.attributes.perm;
  const perm = Array.isArray(given)
    ? given.map(Number)
    : Array.from({ length: rank }, (_, i) => rank - 1 - i);
  if (perm[0] !== 0) return false;
  if (!builder.formsOf(input)) builder.asIs(input);
  const axes = perm.slice(1);
  if (rank >= 3) {
    const toLast = [...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1];
    const toFirst = [rank - 1, ...Array.from({ length: rank - 2 }, (_, i) => i + 1)];
    const forms = builder.formsOf(input) ?? {};
    if (axes.join() === toLast.join() && forms.last) {
      builder.set(output, { asIs: forms.last });
      return true;
    }
    if (axes.join() === toFirst.join() && forms.asIs) {
      builder.set(output, { last: forms.asIs });
      return true;
    }
  }
  const tensor = builder.asIs(input);
  const isSame = axes.every((axis, i) => axis === i + 1);
  builder.set(output, { asIs: isSame ? tensor : permute({ dims: axes }).apply(tensor) });
  return true;
}

/** Zeros or mirrored values around the spatial axes. */
function padded(builder: Builder, node: OnnxNode): boolean {
  const [input, list, fill = "", axesName = ""] = node.inputs;
  const shape = builder.facts.example(input);
  const known = list ? builder.facts.constant(list)?.known : undefined;
  const given = node.attributes.pads;
  const pads = known ? [...known] : Array.isArray(given) ? given.map(Number) : [];
  const value = fill === "" ? (node.attributes.value ?? 0) : builder.facts.constant(fill)?.known?.[0];
  const mode = node.attributes.mode ?? "constant";
  if (!shape || axesName !== "" || (shape.length !== 2 && shape.length !== 3)) return false;
  const rank = shape.length + 1;
  const sides = Array.from({ length: rank }, (_, axis) => [pads[axis], pads[axis + rank]] as const);
  const isSpatial = pads.length === 2 * rank && sides.slice(0, 2).every(([a, b]) => a === 0 && b === 0);
  if (!isSpatial || pads.some((pad) => !(pad >= 0))) return false;
  const padding = sides.slice(2);
  if (mode === "constant" && value !== 0) return false;
  if (mode !== "constant" && mode !== "reflect") return false;
  const makers: Readonly<Record<string, (name: string) => Layer>> =
    shape.length === 2
      ? {
          constant: (name) => zeroPadding1d({ name, padding }),
          reflect: (name) => reflectionPadding1d({ name, padding }),
        }
      : {
          constant: (name) => zeroPadding2d({ name, padding }),
          reflect: (name) => reflectionPadding2d({ name, padding }),
        };
  const layer = builder.layer(node, [], makers[mode]);
  builder.set(node.outputs[0], { last: layer.apply(builder.last(input)) });
  return true;
}

export const RULES = {
  Flatten: reshaped,
  Pad: padded,
  Reshape: reshaped,
  Squeeze: reshaped,
  Transpose: transposed,
  Unsqueeze: reshaped,
};
