/**
 * @file Convolutions, depthwise convolutions and pooling on random shapes: kernels against the reference loops, values
 * and gradients, so that every combination of borders, strides, gaps, groups and channels comes up.
 */
import { describe, it } from "vitest";
import { compile } from "../graph/compile.ts";
import type { Tensor } from "../graph/tensor.ts";
import { deriveKey, Generator } from "../random/generator.ts";
import type { NumericArray } from "../tensor/array.ts";
import { sizeOf, type Shape } from "../tensor/shape.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { expectClose } from "../testing/compare.ts";
import { testValues } from "../testing/values.ts";
import { add, multiply } from "./arithmetic.ts";
import { convolutionPrimitive, transposedPrimitive, type ConvolutionParameters } from "./convolution.ts";
import { depthwisePrimitive } from "./depthwise.ts";
import { gradients } from "./gradients.ts";
import { averagePoolPrimitive, maxPoolPrimitive, type PoolingParameters } from "./pooling.ts";
import { sum } from "./sum.ts";
import { dilatedSize, windowCount, type AxisPadding } from "./window.ts";

/** Sums of up to some thousand products in float32, relative to the largest result. */
const RELATIVE = 4e-6;
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

function pick<T>(generator: Generator, list: readonly T[]): T {
  return list[generator.integer(list.length)];
}

/** A window over one or two axes of small random lengths that gives at least one output. */
function randomWindow(generator: Generator, dilated: boolean): Window {
  const axes = 1 + generator.integer(2);
  const draw = () => {
    const window = 1 + generator.integer(pick(generator, [3, 5, 8]));
    const dilation = dilated ? pick(generator, [1, 1, 2, 3]) : 1;
    const most = dilatedSize(window, dilation);
    const length = 1 + generator.integer(axes === 1 ? 40 : 12);
    const stride = 1 + generator.integer(4);
    const side = () => (generator.integer(2) === 0 ? 0 : generator.integer(most));
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

/** Compares values and gradients of all arguments on every target with the reference loops. */
function check(fn: (...inputs: Tensor[]) => Tensor, arrays: readonly NumericArray[]): void {
  const specs = arrays.map(({ shape }) => shape);
  const withGradients = (...tensors: Tensor[]) => {
    const result = fn(...tensors);
    // Weights that differ from one output to the next, taken from the output itself.
    return [result, ...gradients(sum(multiply(result, add(result, 1))), tensors)];
  };
  const expected = compile(withGradients, specs, { target: "reference" })(...arrays);
  for (const target of KERNEL_TARGETS) {
    const actual = compile(withGradients, specs, { target, threads: 1 })(...arrays);
    actual.forEach((array, i) => {
      const what = i === 0 ? "value" : `gradient of input ${i - 1}`;
      expectClose(array.data, expected[i].data, RELATIVE, `${what} on ${target}`);
    });
  }
}

function cases<T>(name: string, count: number, draw: (generator: Generator) => T): [string, T][] {
  const generator = new Generator(deriveKey(20, name));
  return Array.from({ length: count }, (_, i) => {
    const one = draw(generator);
    return [`${i}: ${JSON.stringify(one)}`, one];
  });
}

function normal(...shapes: Shape[]): NumericArray[] {
  return shapes.map((shape, i) => testValues("normal", shape, sizeOf(shape) + i));
}

function randomConvolution(generator: Generator) {
  const groups = pick(generator, [1, 1, 1, 2, 3]);
  const inputs = groups * pick(generator, groups === 1 ? CHANNELS : [1, 2, 4, 5]);
  const filters = groups * pick(generator, groups === 1 ? CHANNELS : [1, 2, 4, 9]);
  return { ...randomWindow(generator, true), groups, inputs, filters };
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
  it.each(cases("convolution", 150, randomConvolution))("%s", (_, one) => {
    const { batch, lengths, window, inputs, filters, groups } = one;
    const shapes = [[batch, ...lengths, inputs], [...window, inputs / groups, filters], [filters]];
    check(
      (x, filter, bias) => add(convolutionPrimitive([x, filter], parametersOf(one)), bias),
      normal(...shapes),
    );
  });
});

describe(`transposed convolution on random shapes equals the reference loops within ${RELATIVE}`, () => {
  it.each(cases("transposed", 150, randomConvolution))("%s", (_, one) => {
    const { batch, lengths, window, outputs, inputs, filters, groups } = one;
    const outputShape = [batch, ...lengths, inputs];
    const shapes = [[batch, ...outputs, filters], [...window, inputs / groups, filters], [inputs]];
    check(
      (y, filter, bias) => add(transposedPrimitive([y, filter], { ...parametersOf(one), outputShape }), bias),
      normal(...shapes),
    );
  });
});

describe(`depthwise convolution on random shapes equals the reference loops within ${RELATIVE}`, () => {
  const draw = (generator: Generator) => ({
    ...randomWindow(generator, true),
    channels: pick(generator, CHANNELS),
  });
  it.each(cases("depthwise", 150, draw))("%s", (_, one) => {
    const { batch, lengths, window, strides, padding, dilations, channels } = one;
    const shapes = [[batch, ...lengths, channels], [...window, channels], [channels]];
    check(
      (x, filter, bias) => add(depthwisePrimitive([x, filter], { strides, padding, dilations }), bias),
      normal(...shapes),
    );
  });
});

describe(`pooling on random shapes equals the reference loops within ${RELATIVE}`, () => {
  const draw = (generator: Generator) => ({
    ...randomWindow(generator, false),
    channels: pick(generator, CHANNELS),
    values: pick(generator, ["normal", "labels"] as const),
  });
  it.each(cases("pooling", 200, draw))("%s", (_, one) => {
    const { batch, lengths, window, strides, padding, channels, values } = one;
    const parameters: PoolingParameters = { poolSize: window, strides, padding };
    const x = testValues(values, [batch, ...lengths, channels], sizeOf(lengths));
    check((input) => maxPoolPrimitive([input], parameters), [x]);
    check((input) => averagePoolPrimitive([input], parameters), [x]);
  });
});
