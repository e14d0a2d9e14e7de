/**
 * @file Convolutions, depthwise convolutions and pooling on random shapes: kernels against the reference loops, values
 * and gradients, so that every combination of borders, strides, gaps, groups and channels comes up.
 */
import { describe, it } from "vitest";
import type { Tensor } from "../graph/tensor.ts";
import type { Generator } from "../random/generator.ts";
import type { NumericArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { testValues } from "../testing/values.ts";
import { add } from "./arithmetic.ts";
import { transposedConvolutionPrimitive } from "./convolution-input-gradient.ts";
import { convolutionPrimitive, type ConvolutionParameters } from "./convolution.ts";
import { depthwisePrimitive } from "./depthwise.ts";
import { averagePoolPrimitive, maxPoolPrimitive } from "./pooling.ts";
import type { PoolingParameters } from "./pooling-windows.ts";
import { cases, checkTargets, pick } from "./testing/random-shapes.ts";
import { dilatedSize, windowCount, type AxisPadding } from "./window.ts";

/** The error of some hundred sums in float32, relative to the largest result. */
const RELATIVE = 2e-6;
const CHANNELS = [1, 2, 3, 4, 5, 6, 8, 9, 12, 16, 17, 20, 32];

interface Window {
  readonly batch: number;
  readonly lengths: readonly number[];
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: readonly AxisPadding[];
  readonly outputs: readonly number[];
}

/** A window over one or two axes of small random lengths that gives at least one output. */
function randomWindow(generator: Generator, dilated: boolean, crops = dilated): Window {
  const axes = 1 + generator.integer(2);
  const draw = () => {
    const window = 1 + generator.integer(pick(generator, [3, 5, 8]));
    const dilation = dilated ? pick(generator, [1, 1, 2, 3]) : 1;
    const most = dilatedSize(window, dilation);
    const length = 1 + generator.integer(axes === 1 ? 40 : 12);
    const stride = 1 + generator.integer(4);
    // Convolutions may crop: negative padding.
    const least = crops && generator.integer(4) === 0 ? -1 : 0;
    const side = () => (generator.integer(2) === 0 ? least : generator.integer(most));
    const padding: AxisPadding = [side(), side()];
    return { window, dilation, length, stride, padding, output: windowCount(length, most, stride, padding) };
  };
  const drawn = Array.from({ length: axes }, () => {
    let axis = draw();
    while (axis.output < 1) axis = draw();
    return axis;
  });
  return {
    batch: 1 + generator.integer(3),
    lengths: drawn.map((axis) => axis.length),
    window: drawn.map((axis) => axis.window),
    strides: drawn.map((axis) => axis.stride),
    dilations: drawn.map((axis) => axis.dilation),
    padding: drawn.map((axis) => axis.padding),
    outputs: drawn.map((axis) => axis.output),
  };
}

/** A window that has cells inside the input wherever it is. */
function randomPoolingWindow(generator: Generator, dilated: boolean): Window {
  for (;;) {
    const drawn = randomWindow(generator, dilated, false);
    const { lengths, window, strides, dilations, padding, outputs } = drawn;
    const hasCells = lengths.every((length, axis) =>
      Array.from({ length: outputs[axis] }, (_, output) =>
        Array.from(
          { length: window[axis] },
          (_, cell) => output * strides[axis] + cell * dilations[axis] - padding[axis][0],
        ).some((position) => position >= 0 && position < length),
      ).every(Boolean),
    );
    if (hasCells) return drawn;
  }
}

/** Gradients of all arguments but a bias, which would check no more than a sum. */
function check(fn: (...inputs: Tensor[]) => Tensor, arrays: readonly NumericArray[]): void {
  checkTargets(fn, arrays, RELATIVE, 2);
}

/** Positive numbers: sums of few terms do not cancel, so that the relative error means something. */
function positive(...shapes: Shape[]): NumericArray[] {
  return shapes.map((shape, i) => testValues("positive", shape, sizeOf(shape) + i));
}

function randomConvolution(generator: Generator) {
  const groups = pick(generator, [1, 1, 1, 2, 3]);
  const inputs = groups * pick(generator, groups === 1 ? CHANNELS : [1, 2, 4, 5]);
  const filters = groups * pick(generator, groups === 1 ? CHANNELS : [1, 2, 4, 9]);
  return { ...randomWindow(generator, true), groups, inputs, filters };
}

/** Found by longer runs: several blocks of columns, one of which reads as many columns as the padded input has. */
const BLOCKS_OF_COLUMNS: ReturnType<typeof randomConvolution>[] = [
  {
    batch: 1,
    lengths: [38],
    window: [8],
    strides: [1],
    dilations: [3],
    padding: [[0, 18]],
    outputs: [35],
    groups: 1,
    inputs: 2,
    filters: 3,
  },
  {
    batch: 1,
    lengths: [19],
    window: [8],
    strides: [1],
    dilations: [1],
    padding: [[7, 0]],
    outputs: [19],
    groups: 2,
    inputs: 10,
    filters: 2,
  },
];

/** Convolutions that have kernels of their own: without strides and groups, and with few outputs. */
function randomNarrowConvolution(generator: Generator): ReturnType<typeof randomConvolution> {
  let drawn = randomWindow(generator, true);
  while (drawn.strides.some((stride) => stride > 1)) drawn = randomWindow(generator, true);
  const filters = 1 + generator.integer(generator.integer(2) === 0 ? 4 : 14);
  return { ...drawn, groups: 1, inputs: pick(generator, CHANNELS), filters };
}

function convolutionCases(name: string) {
  return [
    ...BLOCKS_OF_COLUMNS.map((one) => [JSON.stringify(one), one] as const),
    ...cases(name, 80, randomConvolution),
    ...cases(`narrow ${name}`, 50, randomNarrowConvolution),
  ];
}

function parametersOf({
  strides,
  padding,
  dilations,
  groups,
}: ReturnType<typeof randomConvolution>): ConvolutionParameters {
  return { strides, padding, dilations, groups };
}

describe(`convolution on random shapes equals the reference loops within ${RELATIVE}`, () => {
  it.each(convolutionCases("convolution"))("%s", (_, one) => {
    const { batch, lengths, window, inputs, filters, groups } = one;
    const shapes = [[batch, ...lengths, inputs], [...window, inputs / groups, filters], [filters]];
    check(
      (x, filter, bias) => add(convolutionPrimitive([x, filter], parametersOf(one)), bias),
      positive(...shapes),
    );
  });
});

describe(`transposed convolution on random shapes equals the reference loops within ${RELATIVE}`, () => {
  it.each(convolutionCases("transposed"))("%s", (_, one) => {
    const { batch, lengths, window, outputs, inputs, filters, groups } = one;
    const outputShape = [batch, ...lengths, inputs];
    const shapes = [[batch, ...outputs, filters], [...window, inputs / groups, filters], [inputs]];
    check(
      (y, filter, bias) =>
        add(transposedConvolutionPrimitive([y, filter], { ...parametersOf(one), outputShape }), bias),
      positive(...shapes),
    );
  });
});

describe(`depthwise convolution on random shapes equals the reference loops within ${RELATIVE}`, () => {
  const draw = (generator: Generator) => ({
    ...randomWindow(generator, true),
    channels: pick(generator, CHANNELS),
  });
  it.each(cases("depthwise", 80, draw))("%s", (_, one) => {
    const { batch, lengths, window, strides, padding, dilations, channels } = one;
    const shapes = [[batch, ...lengths, channels], [...window, channels], [channels]];
    check(
      (x, filter, bias) => add(depthwisePrimitive([x, filter], { strides, padding, dilations }), bias),
      positive(...shapes),
    );
  });
});

describe(`pooling on random shapes equals the reference loops within ${RELATIVE}`, () => {
  const draw = (dilated: boolean) => (generator: Generator) => ({
    ...randomPoolingWindow(generator, dilated),
    channels: pick(generator, CHANNELS),
    values: pick(generator, ["positive", "labels"] as const),
  });
  const drawn = [...cases("pooling", 100, draw(false)), ...cases("dilated pooling", 80, draw(true))];
  it.each(drawn)("%s", (_, one) => {
    const { batch, lengths, window, strides, dilations, padding, channels, values } = one;
    const parameters: PoolingParameters = { poolSize: window, strides, dilations, padding };
    const x = testValues(values, [batch, ...lengths, channels], sizeOf(lengths));
    check((input) => maxPoolPrimitive([input], parameters), [x]);
    check((input) => averagePoolPrimitive([input], parameters), [x]);
  });
});
