/**
 * @file Convolutions and pooling. ONNX has channels before rows and columns, and filters as [outputs, inputs, rows, columns]; here they
 * are last. What a convolution gives stays as ONNX has it until something asks for another order.
 */
import type { ConvolutionParameters } from "../../../ops/convolution.ts";
import type { TransposedParameters } from "../../../ops/windowed-products.ts";
import { dilatedSize, resolvePadding, type AxisPadding, type WindowParameters } from "../../../ops/window.ts";
import { describeTensor } from "../../../graph/tensor.ts";
import { sizeOf } from "../../../tensor/shape.ts";
import type { PoolingParameters } from "../../../ops/pooling-windows.ts";
import type { Attributes, OnnxBuilder } from "../builder.ts";
import type { Dim } from "../dims.ts";
import { LengthError } from "../traces.ts";
import { arrangedNumbers, axesOf, fixedLengths, flowing, numbersOf, whole, type Flowing } from "../values.ts";
import { parametersOf, type Rule, type Site } from "./site.ts";

/** The order of a tensor's axes in ONNX: batch, channels, then the others. */
function channelsFirst(rank: number): number[] {
  return [0, rank - 1, ...axesOf(rank - 2).map((axis) => axis + 1)];
}

/** The result of a node that gives its axes in that order. */
function channelsFirstResult({ builder, dims }: Site<object>, name: string): Flowing {
  const axes = channelsFirst(dims.length);
  return flowing(
    builder,
    name,
    axes,
    axes.map((axis) => dims[axis]),
  );
}

/** The padding of all axes: first those before, then those after. */
function padsOf(padding: readonly AxisPadding[]): number[] {
  return [...padding.map(([before]) => before), ...padding.map(([, after]) => after)];
}

/** Pads the axes after the second by these amounts; negative ones cut off. */
export function padded(
  builder: OnnxBuilder,
  name: string,
  padding: readonly AxisPadding[],
  fill = 0,
): string {
  if (padding.flat().every((amount) => amount === 0)) return name;
  const pads = padsOf([[0, 0], [0, 0], ...padding]);
  return builder.node("Pad", [name, builder.integers(pads), builder.number(fill)]);
}

interface Window extends Pick<WindowParameters, "strides" | "dilations"> {
  readonly groups: number;
}

function windowAttributes({ strides, dilations, groups }: Window, padding: CommonPadding): Attributes {
  return {
    strides: { ints: strides },
    dilations: { ints: dilations },
    ...paddingAttributes(padding),
    group: { int: groups },
  };
}

/** Sums over windows of an input with a filter whose axes are, as ONNX has them, these of the given one. */
function sumsOf(
  site: Site<object>,
  type: "Conv" | "ConvTranspose",
  input: string,
  filterAxes: readonly number[],
  attributes: Attributes,
): string {
  const [, filter] = site.inputs;
  const { builder, sums, node } = site;
  if (filter.kind !== "known") {
    const listed = filterAxes.filter((axis) => axis >= 0);
    const { name, dims } = whole(builder, filter, node.inputs[1].dims, listed);
    const wanted: Dim[] = [];
    for (const axis of filterAxes) wanted.push(axis < 0 ? 1 : dims[listed.indexOf(axis)]);
    return builder.node(type, [input, builder.reshape(name, dims, wanted)], attributes);
  }
  const arranged = arrangedNumbers(filter, filterAxes);
  const { shape } = arranged.tensor;
  const weights = numbersOf(arranged);
  const [outer, inner] = shape;
  const perInner = sizeOf(shape.slice(2));
  const groups = "int" in attributes.group ? attributes.group.int : 1;
  const channels = type === "Conv" ? outer : inner * groups;
  // A transposed convolution has its input channels first, and group by group the same outputs.
  const inputsOfGroup = outer / groups;
  const channelOf = (weight: number) => {
    const row = Math.floor(weight / (inner * perInner));
    if (type === "Conv") return row;
    return Math.floor(row / inputsOfGroup) * inner + (Math.floor(weight / perInner) % inner);
  };
  return sums.add({ type, input, attributes, weights, shape, channels, channelOf, axis: 1, node });
}

/** Padding that is the same in every trace, or that of "same", which follows from the input's length. */
type CommonPadding = readonly AxisPadding[] | "same";

/** @throws LengthError where the padding is neither. */
function commonPadding(
  { node, eachParameters }: Site<WindowParameters>,
  windows: readonly number[],
  dilations: readonly number[],
): CommonPadding {
  const [{ padding, strides }] = eachParameters;
  if (eachParameters.every((other) => other.padding.join() === padding.join())) return padding;
  const isSame = eachParameters.every((other, trace) => {
    const lengths = node.inputs[0].tensors[trace].shape.slice(1, -1);
    const reaches = windows.map((window, axis) => dilatedSize(window, dilations[axis]));
    const same = resolvePadding("same", lengths, reaches, strides, "export");
    return other.padding.join() === same.join();
  });
  if (isSame) return "same";
  throw new LengthError(`the padding of ${describeTensor(node.tensors[0])} depends on the input's length`);
}

function paddingAttributes(padding: CommonPadding): Attributes {
  return padding === "same" ? { auto_pad: { text: "SAME_UPPER" } } : { pads: { ints: padsOf(padding) } };
}

/** Convolution with a filter whose axes are these in ONNX's order. */
function convolve(site: Site<WindowParameters>, groups: number, filterAxes: readonly number[]): Flowing {
  const { builder, node, eachParameters } = site;
  const [{ strides, dilations }] = eachParameters;
  const { shape } = node.inputs[1].tensors[0];
  const padding = commonPadding(site, shape.slice(0, strides.length), dilations);
  const input = whole(builder, site.inputs[0], node.inputs[0].dims, channelsFirst(site.dims.length));
  const within = (bound: (amount: number) => number) =>
    padding === "same"
      ? padding
      : padding.map(([before, after]): AxisPadding => [bound(before), bound(after)]);
  const negative = within((amount) => Math.min(amount, 0));
  const given = negative === "same" ? input.name : padded(builder, input.name, negative);
  const attributes = windowAttributes(
    { strides, dilations, groups },
    within((amount) => Math.max(amount, 0)),
  );
  return channelsFirstResult(site, sumsOf(site, "Conv", given, filterAxes, attributes));
}

/** Filters `[window…, inputs, outputs]` as [outputs, inputs, window…]. */
function filterAxes(rank: number): number[] {
  return [rank - 1, rank - 2, ...axesOf(rank - 2)];
}

export const convolution: Rule<ConvolutionParameters> = (site) =>
  convolve(site, site.eachParameters[0].groups, filterAxes(site.dims.length));

/** A filter `[window…, channels]` is [channels, 1, window…]. */
function depthwiseAxes(rank: number): number[] {
  return [rank - 2, -1, ...axesOf(rank - 2)];
}

export const depthwise: Rule<WindowParameters> = (site) => {
  const [channels] = fixedLengths(site.dims.slice(-1));
  return convolve(site, channels, depthwiseAxes(site.dims.length));
};

/** Each input times the filter, added up where they overlap; what reaches beyond the result is cut off. */
function transpose(
  site: Site<object>,
  each: readonly TransposedParameters<WindowParameters>[],
  groups: number,
  axes: readonly number[],
): Flowing {
  const { builder, node } = site;
  const input = whole(builder, site.inputs[0], node.inputs[0].dims, channelsFirst(site.dims.length));
  const [{ strides, dilations }] = each;
  const filter = node.inputs[1].tensors[0].shape;
  const cuts = each.map(({ padding, outputShape }, trace) =>
    padding.map(([before], axis): AxisPadding => {
      const inputs = node.inputs[0].tensors[trace].shape[axis + 1];
      const reach = (inputs - 1) * strides[axis] + dilatedSize(filter[axis], dilations[axis]);
      return [before, reach - before - outputShape[axis + 1]];
    }),
  );
  const [cut] = cuts;
  if (cuts.some((other) => other.join() !== cut.join())) {
    throw new LengthError("the padding of a transposed convolution depends on the input's length");
  }
  const isCut = cut.flat().every((amount) => amount >= 0);
  const pads = isCut ? cut : cut.map((): AxisPadding => [0, 0]);
  const attributes = windowAttributes({ strides, dilations, groups }, pads);
  const name = sumsOf(site, "ConvTranspose", input.name, axes, attributes);
  const beyond = cut.map(([before, after]): AxisPadding => [-before || 0, -after || 0]);
  return channelsFirstResult(site, isCut ? name : padded(builder, name, beyond));
}

export const transposedConvolution: Rule<TransposedParameters<ConvolutionParameters>> = (site) =>
  transpose(site, site.eachParameters, site.eachParameters[0].groups, filterAxes(site.dims.length));

export const depthwiseTransposed: Rule<TransposedParameters<WindowParameters>> = (site) => {
  const [channels] = fixedLengths(site.dims.slice(-1));
  return transpose(site, site.eachParameters, channels, depthwiseAxes(site.dims.length));
};

/** Distances between the cells of windows; of a window of one cell they are no matter. */
function dilationsOf({ poolSize, dilations }: PoolingParameters): number[] {
  return dilations.map((dilation, axis) => (poolSize[axis] === 1 ? 1 : dilation));
}

/** Whether a runtime takes the padding: it has to be smaller than the window without its gaps. */
function isSmall(padding: CommonPadding, { poolSize }: PoolingParameters): boolean {
  return padding === "same" || padding.every((sides, axis) => sides.every((side) => side < poolSize[axis]));
}

/** A pooling's input, channels first, and its padding. */
function pooled(site: Site<PoolingParameters>) {
  const { builder, node, eachParameters } = site;
  const [parameters] = eachParameters;
  const { name } = whole(builder, site.inputs[0], node.inputs[0].dims, channelsFirst(site.dims.length));
  const dilations = dilationsOf(parameters);
  return { name, parameters, padding: commonPadding(site, parameters.poolSize, dilations) };
}

export const maxPool: Rule<PoolingParameters> = (site) => {
  const { builder } = site;
  const { name, parameters, padding } = pooled(site);
  const { poolSize, strides } = parameters;
  const isOutside = padding !== "same" && !isSmall(padding, parameters);
  const given = isOutside ? padded(builder, name, padding, -Infinity) : name;
  const node = builder.node("MaxPool", [given], {
    kernel_shape: { ints: poolSize },
    strides: { ints: strides },
    dilations: { ints: dilationsOf(parameters) },
    ...paddingAttributes(isOutside ? padding.map(() => [0, 0]) : padding),
  });
  return channelsFirstResult(site, node);
};

export const averagePool: Rule<PoolingParameters> = (site) => {
  const { builder } = site;
  const { name, parameters, padding } = pooled(site);
  const { poolSize, strides } = parameters;
  const hasGaps = dilationsOf(parameters).some((dilation) => dilation > 1);
  if (hasGaps || !isSmall(padding, parameters)) return channelsFirstResult(site, meanOfSums(site, name));
  const node = builder.node("AveragePool", [name], {
    kernel_shape: { ints: poolSize },
    strides: { ints: strides },
    ...paddingAttributes(padding),
    count_include_pad: { int: 0 },
  });
  return channelsFirstResult(site, node);
};

/** Sums of windows by a convolution with ones, divided by the cells of each that lie inside: ONNX's means have no gaps yet. */
function meanOfSums(site: Site<PoolingParameters>, name: string): string {
  const { builder, node, dims } = site;
  const parameters = parametersOf(site);
  const { poolSize, strides, padding } = parameters;
  const dilations = dilationsOf(parameters);
  const [channels] = fixedLengths(dims.slice(-1));
  const ones = new Float32Array(channels * sizeOf(poolSize)).fill(1);
  const filter = builder.constant(ones, [channels, 1, ...poolSize], "ones");
  const attributes = windowAttributes({ strides, dilations, groups: channels }, padding);
  const sums = builder.node("Conv", [name, filter], attributes);
  const counts = poolSize.map((size, axis) => {
    const [inputs, outputs] = fixedLengths([node.inputs[0].dims[axis + 1], dims[axis + 1]]);
    return Float32Array.from({ length: outputs }, (_, output) => {
      const cells = axesOf(size).map(
        (cell) => output * strides[axis] + cell * dilations[axis] - padding[axis][0],
      );
      return cells.filter((cell) => cell >= 0 && cell < inputs).length;
    });
  });
  return counts.reduce((mean, count, axis) => {
    const shape = [count.length, ...counts.slice(axis + 1).map(() => 1)];
    return builder.node("Div", [mean, builder.constant(count, shape)]);
  }, sums);
}
