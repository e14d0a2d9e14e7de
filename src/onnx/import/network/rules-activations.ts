/** @file Activations, which are layers on any form of a value. */
import {
  activation,
  dropout,
  elu,
  leakyReLU,
  prelu,
  reLU,
  softmax,
  type ActivationName,
  type Layer,
} from "../../../nn/index.ts";
import type { OnnxNode } from "../graph.ts";
import { arranged, type Builder, type Forms } from "./builder.ts";

type Make = (name: string) => Layer;

/** Applies a layer that does the same to each element to the form that is there. */
export function elementwise(builder: Builder, node: OnnxNode, make: Make): boolean {
  const [input] = node.inputs;
  const [output] = node.outputs;
  const forms = builder.formsOf(input);
  const layer = builder.layer(node, [], make);
  builder.set(output, formsAfter(builder, input, forms, layer));
  return true;
}

function formsAfter(builder: Builder, input: string, forms: Forms | undefined, layer: Layer): Forms {
  if (forms?.lastFlat && !forms.asIs) {
    return { lastFlat: { ...forms.lastFlat, tensor: layer.apply(forms.lastFlat.tensor) } };
  }
  if (forms?.flat && !forms.asIs) return { flat: layer.apply(forms.flat) };
  if (builder.prefersLast(input)) return { last: layer.apply(builder.last(input)) };
  return { asIs: layer.apply(builder.asIs(input)) };
}

const named =
  (name: ActivationName) =>
  (builder: Builder, node: OnnxNode): boolean =>
    elementwise(builder, node, (own) => activation({ name: own, activation: name }));

function attribute({ attributes }: OnnxNode, name: string, fallback: number): number {
  const value = attributes[name] ?? fallback;
  return typeof value === "number" ? value : NaN;
}

function clip(builder: Builder, node: OnnxNode): boolean {
  const bound = (i: number, name: string, fallback: number) =>
    node.inputs[i] ? builder.facts.constant(node.inputs[i])?.known?.[0] : attribute(node, name, fallback);
  const [low, high] = [bound(1, "min", -Infinity), bound(2, "max", Infinity)];
  if (low !== 0 || high === undefined || !(high > 0)) return false;
  return elementwise(builder, node, (name) => reLU({ name, ...(high < 1e30 && { maxValue: high }) }));
}

/** Probabilities along one axis; the file's axes are those of the form that the file has. */
function softmaxLayer(builder: Builder, node: OnnxNode): boolean {
  const [input] = node.inputs;
  const shape = builder.example(input);
  const rank = shape.length + 1;
  const given = attribute(node, "axis", -1);
  const axis = given < 0 ? given + rank : given;
  const isFlattened = attribute(node, "flatten", 0) !== 0;
  if (axis < 1 || (isFlattened && axis !== rank - 1)) return false;
  const forms = builder.formsOf(input);
  if (shape.length >= 2 && axis === 1 && forms?.last) {
    builder.set(node.outputs[0], {
      last: builder.layer(node, [], (name) => softmax({ name })).apply(forms.last),
    });
    return true;
  }
  const layer = builder.layer(node, [], (name) => softmax({ name, axis: axis === rank - 1 ? -1 : axis }));
  builder.set(node.outputs[0], { asIs: layer.apply(builder.asIs(input)) });
  return true;
}

/** Slopes for each channel, or one for all. */
function preluLayer(builder: Builder, node: OnnxNode): boolean {
  const [input, slope] = node.inputs;
  const constant = builder.facts.constant(slope);
  const shape = builder.example(input);
  if (!constant || shape.length < 2) return false;
  const { length } = constant.known ?? [];
  const isByChannel =
    length === shape[0] && constant.shape[constant.shape.length - shape.length] === shape[0];
  if (!isByChannel) return false;
  const axes = shape.slice(1).map((_, i) => i + 1);
  const alpha = arranged({ shape: [shape[0]], known: constant.known }, [0]);
  const ones = axes.map(() => 1);
  const layer = builder.layer(node, [slope], (name) => prelu({ name, sharedAxes: axes }), {
    alpha: { ...alpha, shape: [...ones, shape[0]] },
  });
  builder.set(node.outputs[0], { last: layer.apply(builder.last(input)) });
  return true;
}

function dropoutLayer(builder: Builder, node: OnnxNode): boolean {
  const given = node.inputs[1]
    ? builder.facts.constant(node.inputs[1])?.known?.[0]
    : attribute(node, "ratio", 0.5);
  if (node.outputs.slice(1).some((name) => builder.readersOf(name).length > 0)) return false;
  const rate = given ?? 0;
  if (rate > 0 && rate < 1) return elementwise(builder, node, (name) => dropout({ name, rate }));
  return alias(builder, node);
}

function alias(builder: Builder, node: OnnxNode): boolean {
  const [input] = node.inputs;
  if (!builder.formsOf(input)) builder.asIs(input);
  builder.set(node.outputs[0], { ...builder.formsOf(input) });
  return true;
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-6;
}

export const RULES = {
  Clip: clip,
  Dropout: dropoutLayer,
  Elu: (builder, node) => {
    const alpha = attribute(node, "alpha", 1);
    return alpha >= 0 && elementwise(builder, node, (name) => elu({ name, alpha }));
  },
  Exp: named("exponential"),
  Gelu: (builder, node) => named(node.attributes.approximate === "tanh" ? "geluTanh" : "gelu")(builder, node),
  HardSigmoid: (builder, node) => {
    const isKeras =
      isClose(attribute(node, "alpha", 0.2), 1 / 6) && isClose(attribute(node, "beta", 0.5), 0.5);
    return isKeras && named("hardSigmoid")(builder, node);
  },
  HardSwish: named("hardSilu"),
  Identity: alias,
  LeakyRelu: (builder, node) => {
    const alpha = attribute(node, "alpha", 0.01);
    return alpha >= 0 && elementwise(builder, node, (name) => leakyReLU({ name, alpha }));
  },
  Mish: named("mish"),
  PRelu: preluLayer,
  Relu: (builder, node) => elementwise(builder, node, (name) => reLU({ name })),
  Sigmoid: named("sigmoid"),
  Softmax: softmaxLayer,
  Softplus: named("softplus"),
  Softsign: named("softsign"),
  Swish: (builder, node) => attribute(node, "alpha", 1) === 1 && named("silu")(builder, node),
  Tanh: named("tanh"),
} satisfies Record<string, (builder: Builder, node: OnnxNode) => boolean>;
