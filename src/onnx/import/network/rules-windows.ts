/** @file Convolutions, pooling and resizing, on values with channels last. */
import { AuricleError } from "../../../errors.ts";
import {
  averagePooling1d,
  averagePooling2d,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  depthwiseConv1d,
  depthwiseConv2d,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
  maxPooling1d,
  maxPooling2d,
  upSampling1d,
  upSampling2d,
  type Layer,
} from "../../../nn/index.ts";
import { Call } from "../../../nn/operations/call.ts";
import {
  checkPooled,
  poolingOptions,
  transposedOptions,
  windowOptions,
} from "../../../nn/operations/products.ts";
import type { FloatArray } from "../../../tensor/array.ts";
import type { Shape } from "../../../tensor/shape.ts";
import type { OnnxNode } from "../graph.ts";
import { arranged, type Builder } from "./builder.ts";

/** The number of spatial axes of a value that windows move over: 1 or 2. */
function spatialAxes(builder: Builder, name: string): 1 | 2 | undefined {
  const rank = builder.facts.example(name)?.length;
  return rank === 2 || rank === 3 ? ((rank - 1) as 1 | 2) : undefined;
}

function callOf(builder: Builder, { inputs, attributes }: OnnxNode): Call {
  return new Call(
    inputs.map((name) => (name === "" ? undefined : builder.facts.value(name))),
    attributes,
    1,
  );
}

/** A list of numbers as weights; undefined for what is not constant. */
function vector(builder: Builder, name: string | undefined): FloatArray | undefined {
  const known = name ? builder.facts.constant(name)?.known : undefined;
  return known && { shape: [known.length], data: Float32Array.from(known) };
}

interface Weighted {
  readonly axes: 1 | 2;
  readonly filter: { readonly shape: Shape; readonly known?: Float64Array };
  readonly bias: FloatArray | undefined;
  readonly owners: readonly string[];
}

function weighted(builder: Builder, node: OnnxNode): Weighted | undefined {
  const [input, weight, term = ""] = node.inputs;
  const axes = spatialAxes(builder, input);
  const filter = builder.facts.constant(weight);
  const bias = vector(builder, term);
  if (!axes || filter?.shape.length !== axes + 2 || (term !== "" && !bias)) return undefined;
  return { axes, filter, bias, owners: [weight, term].filter((name) => name !== "") };
}

/** Whether padding is computed from a length that follows the input's: the layer's padding would be that of one length. */
function hasOpenPadding(builder: Builder, { inputs: [input], attributes }: OnnxNode): boolean {
  const { auto_pad: rule = "", output_shape: wanted, strides } = attributes;
  const isSame = rule.toString().startsWith("SAME");
  const isStrided = Array.isArray(strides) && strides.some((stride) => stride !== 1);
  const isOpen = builder.facts.openExample(input).includes(-1);
  return isOpen && ((isSame && isStrided) || wanted !== undefined);
}

function convolution(builder: Builder, node: OnnxNode): boolean {
  const parts = weighted(builder, node);
  const isOpen = hasOpenPadding(builder, node);
  if (!parts || (isOpen && node.attributes.auto_pad !== "SAME_UPPER")) return false;
  const { axes, filter, bias, owners } = parts;
  const { shape } = filter;
  const { strides, dilations, padding, groups } = windowOptions(callOf(builder, node), shape.slice(2));
  if (padding.flat().some((pad) => pad < 0)) return false;
  const kernelSize = shape.slice(2);
  const common = {
    kernelSize,
    strides,
    dilationRate: dilations,
    padding: isOpen ? ("same" as const) : named(padding),
    useBias: bias !== undefined,
  };
  const spatial = kernelSize.map((_, i) => i + 2);
  const channels = builder.example(node.inputs[0])[0];
  const isDepthwise = groups > 1 && groups === channels && shape[1] === 1;
  const term: Record<string, FloatArray> = bias ? { bias } : {};
  if (isDepthwise) {
    const multiplier = shape[0] / channels;
    const own = arranged(filter, [...spatial, 0, 1]);
    const kernel = { ...own, shape: [...kernelSize, channels, multiplier] };
    const make = axes === 1 ? depthwiseConv1d : depthwiseConv2d;
    const layer = builder.layer(
      node,
      owners,
      (name) => make({ name, ...common, depthMultiplier: multiplier }),
      { kernel, ...term },
    );
    builder.set(node.outputs[0], { last: layer.apply(builder.last(node.inputs[0])) });
    return true;
  }
  const make = axes === 1 ? conv1d : conv2d;
  const kernel = arranged(filter, [...spatial, 1, 0]);
  const layer = builder.layer(node, owners, (name) => make({ name, ...common, filters: shape[0], groups }), {
    kernel,
    ...term,
  });
  builder.set(node.outputs[0], { last: layer.apply(builder.last(node.inputs[0])) });
  return true;
}

/** No padding has a name. */
function named(
  padding: readonly (readonly [number, number])[],
): "valid" | readonly (readonly [number, number])[] {
  return padding.every(([before, after]) => before === 0 && after === 0) ? "valid" : padding;
}

function transposedConvolution(builder: Builder, node: OnnxNode): boolean {
  const parts = weighted(builder, node);
  if (!parts || hasOpenPadding(builder, node)) return false;
  const { axes, filter, bias, owners } = parts;
  const kernelSize = filter.shape.slice(2);
  const { strides, dilations, padding, groups, outputPadding } = transposedOptions(
    callOf(builder, node),
    kernelSize,
  );
  const kernel = arranged(filter, [...kernelSize.map((_, i) => i + 2), 1, 0]);
  const make = axes === 1 ? conv1dTranspose : conv2dTranspose;
  const options = {
    filters: filter.shape[1] * groups,
    kernelSize,
    strides,
    dilationRate: dilations,
    padding,
    groups,
    outputPadding,
    useBias: bias !== undefined,
  };
  const layer = builder.layer(node, owners, (name) => make({ name, ...options }), {
    kernel,
    ...(bias && { bias }),
  });
  builder.set(node.outputs[0], { last: layer.apply(builder.last(node.inputs[0])) });
  return true;
}

function pooling(
  builder: Builder,
  node: OnnxNode,
  make: (name: string, axes: 1 | 2, call: Call) => Layer,
): boolean {
  const [input] = node.inputs;
  const axes = spatialAxes(builder, input);
  if (!axes || node.outputs.slice(1).some((name) => name !== "")) return false;
  if (hasOpenPadding(builder, node)) return false;
  const call = callOf(builder, node);
  checkPooled(call, poolingOptions(call));
  const layer = builder.layer(node, [], (name) => make(name, axes, call));
  builder.set(node.outputs[0], { last: layer.apply(builder.last(input)) });
  return true;
}

const maxPool = (builder: Builder, node: OnnxNode) =>
  pooling(builder, node, (name, axes, call) =>
    (axes === 1 ? maxPooling1d : maxPooling2d)({ name, ...poolingOptions(call) }),
  );

const averagePool = (builder: Builder, node: OnnxNode) =>
  pooling(builder, node, (name, axes, call) =>
    (axes === 1 ? averagePooling1d : averagePooling2d)({
      name,
      ...poolingOptions(call),
      countIncludePad: call.flag("count_include_pad"),
    }),
  );

const GLOBAL_AVERAGE = { 1: globalAveragePooling1d, 2: globalAveragePooling2d };
const GLOBAL_MAX = { 1: globalMaxPooling1d, 2: globalMaxPooling2d };

type GlobalLayers = typeof GLOBAL_AVERAGE;

const globally =
  (layers: GlobalLayers) =>
  (builder: Builder, node: OnnxNode): boolean => {
    const [input] = node.inputs;
    const axes = spatialAxes(builder, input);
    if (!axes) return false;
    const layer = builder.layer(node, [], (name) => layers[axes]({ name }));
    const flat = layer.apply(builder.last(input));
    builder.set(
      node.outputs[0],
      builder.example(node.outputs[0]).length === 1 ? { asIs: flat, flat } : { flat },
    );
    return true;
  };

/** A mean over all spatial axes, which PyTorch writes so. */
const overAll =
  (layers: GlobalLayers) =>
  (builder: Builder, node: OnnxNode): boolean => {
    const [input, list = ""] = node.inputs;
    const shape = builder.facts.example(input);
    const known = list === "" ? undefined : builder.facts.constant(list)?.known;
    const given = known ? [...known] : node.attributes.axes;
    if (!shape || !Array.isArray(given)) return false;
    const rank = shape.length + 1;
    const axes = given.map(Number).map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b); // prettier-ignore
    const isSpatial = axes.join() === Array.from({ length: rank - 2 }, (_, i) => i + 2).join();
    return isSpatial && builder.prefersLast(input) && globally(layers)(builder, node);
  };

/** Whole factors of the nearest element are repetitions. */
function repeated(builder: Builder, node: OnnxNode): boolean {
  const [input] = node.inputs;
  const axes = spatialAxes(builder, input);
  const to = builder.facts.example(node.outputs[0]);
  const from = builder.facts.example(input);
  const {
    mode = "nearest",
    nearest_mode: rounding = "round_prefer_floor",
    coordinate_transformation_mode: place = "half_pixel",
  } = node.attributes;
  if (!axes || !from || !to || mode !== "nearest" || to[0] !== from[0]) return false;
  const factors = to.slice(1).map((length, i) => length / from[i + 1]);
  const isExact =
    (place === "asymmetric" && rounding === "floor") ||
    (place === "half_pixel" && rounding.toString().startsWith("round"));
  if (!isExact || !factors.every(Number.isInteger)) return false;
  const layer = builder.layer(node, [], (name) =>
    axes === 1 ? upSampling1d({ name, size: factors[0] }) : upSampling2d({ name, size: factors }),
  );
  builder.set(node.outputs[0], { last: layer.apply(builder.last(input)) });
  return true;
}

/** A layer refuses some of what the operation takes: it is then a general one. */
const orGeneral =
  (rule: (builder: Builder, node: OnnxNode) => boolean) =>
  (builder: Builder, node: OnnxNode): boolean => {
    try {
      return rule(builder, node);
    } catch (error) {
      if (error instanceof AuricleError) return false;
      throw error;
    }
  };

export const RULES = {
  AveragePool: orGeneral(averagePool),
  Conv: orGeneral(convolution),
  ConvTranspose: orGeneral(transposedConvolution),
  GlobalAveragePool: globally(GLOBAL_AVERAGE),
  GlobalMaxPool: globally(GLOBAL_MAX),
  MaxPool: orGeneral(maxPool),
  ReduceMax: overAll(GLOBAL_MAX),
  ReduceMean: overAll(GLOBAL_AVERAGE),
  Resize: orGeneral(repeated),
};
