/**
 * @file Pooling over windows in one and two dimensions, with its gradients, closed under differentiation.
 *
 * Padding is no value: it never is the maximum, and a mean is over the cells inside the input (Keras' rule).
 * Where several cells of a window are the largest, the first of them, row by row, gets the gradient (as in PyTorch
 * and JAX). A NaN is the maximum of a window only as its first cell; elsewhere it is passed over.
 */
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Structure, Tensor } from "../graph/tensor.ts";
import { poolingKernel, poolingKey, type PoolingRequest } from "../kernels/pooling/forward.ts";
import type { PoolingGeometry } from "../kernels/pooling/geometry.ts";
import { poolingGradientKernel, poolingGradientKey } from "../kernels/pooling/gradient.ts";
import type { DoubleArray } from "../tensor/array.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import {
  AVERAGE_GRADIENT_CASES,
  AVERAGE_POOL_CASES,
  MAX_GRADIENT_CASES,
  MAX_POOL_CASES,
  MAX_SELECTION_CASES,
} from "./pooling-cases.ts";
import { max, mean } from "./reduce.ts";
import { perAxis, resolvePadding, windowCount, type AxisPadding, type Padding } from "./window.ts";

/** Resolved: one entry for each spatial axis. */
export interface PoolingParameters {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: readonly AxisPadding[];
}

function geometryOf(input: Shape, output: Shape, parameters: PoolingParameters): PoolingGeometry {
  const { poolSize, strides, padding } = parameters;
  const pair = (list: readonly number[], one: number): [number, number] =>
    list.length === 2 ? [list[0], list[1]] : [one, list[0]];
  const [inputHeight, inputWidth] = pair(input.slice(1, -1), 1);
  const [outputHeight, outputWidth] = pair(output.slice(1, -1), 1);
  const before = padding.map(([zeros]) => zeros);
  return {
    batch: input[0],
    inputHeight,
    inputWidth,
    outputHeight,
    outputWidth,
    channels: input[input.length - 1],
    window: pair(poolSize, 1),
    strides: pair(strides, 1),
    padding: pair(before, 0),
  };
}

function outputShapeOf(input: Shape, { poolSize, strides, padding }: PoolingParameters): number[] {
  const spatial = input
    .slice(1, -1)
    .map((length, axis) => windowCount(length, poolSize[axis], strides[axis], padding[axis]));
  return [input[0], ...spatial, input[input.length - 1]];
}

function checkedShape(where: string, input: Shape, parameters: PoolingParameters): number[] {
  const { poolSize, padding } = parameters;
  const axes = poolSize.length;
  if (input.length !== axes + 2 || sizeOf(input) === 0) {
    const wanted = axes === 1 ? "[batch, time, channels]" : "[batch, height, width, channels]";
    throw new AuricleError(
      "shape",
      `${where}: input must be ${wanted}, not empty; got ${formatShape(input)}`,
    );
  }
  padding.forEach((sides, axis) => {
    if (sides.every((side) => Number.isInteger(side) && side >= 0 && side < poolSize[axis])) return;
    throw new AuricleError(
      "argument",
      `${where}: padding must be whole numbers below the window, so that each window covers some input; got ${JSON.stringify(sides)} for a window of ${poolSize[axis]} on axis ${axis + 1}`,
    );
  });
  const output = outputShapeOf(input, parameters);
  output.slice(1, -1).forEach((count, axis) => {
    if (count >= 1) return;
    throw new AuricleError(
      "shape",
      `${where}: the window must fit into the padded input on axis ${axis + 1}; got input ${formatShape(input)}, poolSize ${JSON.stringify(poolSize)}; use padding "same", a smaller window or a longer input`,
    );
  });
  return output;
}

/** Calls `visit` with the positions of each result and of its window's cells, in order. */
function forEachWindow(g: PoolingGeometry, visit: (output: number, cells: readonly number[]) => void): void {
  for (let n = 0; n < g.batch; n++)
    for (let row = 0; row < g.outputHeight; row++)
      for (let column = 0; column < g.outputWidth; column++)
        for (let channel = 0; channel < g.channels; channel++) {
          const cells: number[] = [];
          for (let i = 0; i < g.window[0]; i++)
            for (let j = 0; j < g.window[1]; j++) {
              const y = row * g.strides[0] + i - g.padding[0];
              const x = column * g.strides[1] + j - g.padding[1];
              if (y < 0 || y >= g.inputHeight || x < 0 || x >= g.inputWidth) continue;
              cells.push(((n * g.inputHeight + y) * g.inputWidth + x) * g.channels + channel);
            }
          visit(((n * g.outputHeight + row) * g.outputWidth + column) * g.channels + channel, cells);
        }
}

function forwardStructure(geometry: PoolingGeometry, result: PoolingRequest["result"]): Structure {
  const request = { geometry, result };
  return {
    kind: "kernels",
    fusesTail: false,
    lower: ({ inputs, output, call }) =>
      call(poolingKey(request), (machine) => poolingKernel(request, machine), inputs, [output]),
  };
}

function gradientStructure(geometry: PoolingGeometry, result: "max" | "mean"): Structure {
  const request = { geometry, result };
  return {
    kind: "kernels",
    fusesTail: false,
    lower: ({ inputs, output, call }) =>
      call(poolingGradientKey(request), (machine) => poolingGradientKernel(request, machine), inputs, [
        output,
      ]),
  };
}

export const maxPoolPrimitive: Primitive<PoolingParameters> = defineOperation<PoolingParameters>({
  name: "maxPool",
  shape: ([input], parameters) => checkedShape("maxPool", input.shape, parameters),
  structure: ([input], parameters, shape) =>
    forwardStructure(geometryOf(input.shape, shape, parameters), "max"),
  reference: ([{ shape: inputShape, data }], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachWindow(geometryOf(inputShape, shape, parameters), (output, [first, ...others]) => {
      result[output] = others.reduce((best, cell) => (best < data[cell] ? data[cell] : best), data[first]);
    });
    return result;
  },
  gradient: (outputGradient, [input], parameters, output) => [
    maxPoolGradientPrimitive([input, output, outputGradient], parameters),
  ],
  cases: MAX_POOL_CASES,
});

/** Inputs: the pooling's input, its output, and the output's gradient. Constant in the first two almost everywhere. */
export const maxPoolGradientPrimitive: Primitive<PoolingParameters> = defineOperation<PoolingParameters>({
  name: "maxPoolGradient",
  shape: ([input]) => input.shape,
  structure: ([input, maxima], parameters) =>
    gradientStructure(geometryOf(input.shape, maxima.shape, parameters), "max"),
  reference: ([input, maxima, outputGradient], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachWindow(geometryOf(input.shape, maxima.shape, parameters), (output, cells) => {
      const winner = firstEqual(input, cells, maxima.data[output]);
      if (winner !== undefined) result[winner] += outputGradient.data[output];
    });
    return result;
  },
  gradient: (gradient, [input, maxima], parameters) => [
    undefined,
    undefined,
    maxPoolSelectionPrimitive([input, maxima, gradient], parameters),
  ],
  cases: MAX_GRADIENT_CASES,
});

/** Inputs: a pooling's input, its output, and a tensor of which it gives the value at each window's maximum. */
export const maxPoolSelectionPrimitive: Primitive<PoolingParameters> = defineOperation<PoolingParameters>({
  name: "maxPoolSelection",
  shape: ([, maxima]) => maxima.shape,
  structure: ([input, maxima], parameters) =>
    forwardStructure(geometryOf(input.shape, maxima.shape, parameters), "selection"),
  reference: ([input, maxima, values], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachWindow(geometryOf(input.shape, maxima.shape, parameters), (output, cells) => {
      const winner = firstEqual(input, cells, maxima.data[output]);
      if (winner !== undefined) result[output] = values.data[winner];
    });
    return result;
  },
  gradient: (gradient, [input, maxima], parameters) => [
    undefined,
    undefined,
    maxPoolGradientPrimitive([input, maxima, gradient], parameters),
  ],
  cases: MAX_SELECTION_CASES,
});

function firstEqual({ data }: DoubleArray, cells: readonly number[], value: number): number | undefined {
  return cells.find((cell) => data[cell] === value);
}

export const averagePoolPrimitive: Primitive<PoolingParameters> = defineOperation<PoolingParameters>({
  name: "averagePool",
  shape: ([input], parameters) => checkedShape("averagePool", input.shape, parameters),
  structure: ([input], parameters, shape) =>
    forwardStructure(geometryOf(input.shape, shape, parameters), "mean"),
  reference: ([input], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachWindow(geometryOf(input.shape, shape, parameters), (output, cells) => {
      for (const cell of cells) result[output] += input.data[cell] / cells.length;
    });
    return result;
  },
  gradient: (outputGradient, [input], parameters) => [
    averagePoolGradientPrimitive([outputGradient], { ...parameters, inputShape: input.shape }),
  ],
  cases: AVERAGE_POOL_CASES,
});

export interface AveragePoolGradientParameters extends PoolingParameters {
  readonly inputShape: Shape;
}

/** Input: the gradient of the pooling's output. */
export const averagePoolGradientPrimitive: Primitive<AveragePoolGradientParameters> =
  defineOperation<AveragePoolGradientParameters>({
    name: "averagePoolGradient",
    shape: (_, { inputShape }) => inputShape,
    structure: ([outputGradient], parameters) =>
      gradientStructure(geometryOf(parameters.inputShape, outputGradient.shape, parameters), "mean"),
    reference: ([outputGradient], parameters, shape) => {
      const result = new Float64Array(sizeOf(shape));
      forEachWindow(geometryOf(shape, outputGradient.shape, parameters), (output, cells) => {
        for (const cell of cells) result[cell] += outputGradient.data[output] / cells.length;
      });
      return result;
    },
    gradient: (gradient, _, { poolSize, strides, padding }) => [
      averagePoolPrimitive([gradient], { poolSize, strides, padding }),
    ],
    cases: AVERAGE_GRADIENT_CASES,
  });

export interface PoolingOptions {
  /** Length of the window on each axis, or one number for all axes. */
  readonly poolSize: number | readonly number[];
  /** Default: poolSize, so that windows lie side by side. */
  readonly strides?: number | readonly number[];
  /** Default "valid". Explicit padding must be smaller than the window. */
  readonly padding?: Exclude<Padding, "causal">;
}

function pool(
  primitive: Primitive<PoolingParameters>,
  input: Tensor,
  where: string,
  axes: number,
  options: PoolingOptions,
): Tensor {
  if (input.shape.length !== axes + 2) {
    const wanted = axes === 1 ? "[batch, time, channels]" : "[batch, height, width, channels]";
    throw new AuricleError("shape", `${where}: input must be ${wanted}; got ${formatShape(input.shape)}`);
  }
  const poolSize = perAxis(options.poolSize, axes, "poolSize", where);
  const strides = perAxis(options.strides ?? poolSize, axes, "strides", where);
  const lengths = input.shape.slice(1, -1);
  const padding = resolvePadding(options.padding ?? "valid", lengths, poolSize, strides, where);
  return primitive([input], { poolSize, strides, padding });
}

/** The largest value of each window of `[N, T, C]`: `[N, T', C]`. */
export function maxPool1d(input: Tensor, options: PoolingOptions): Tensor {
  return pool(maxPoolPrimitive, input, "maxPool1d", 1, options);
}

/** The largest value of each window of `[N, H, W, C]`: `[N, H', W', C]`. */
export function maxPool2d(input: Tensor, options: PoolingOptions): Tensor {
  return pool(maxPoolPrimitive, input, "maxPool2d", 2, options);
}

/** The mean of each window of `[N, T, C]`: `[N, T', C]`; padding is not counted. */
export function averagePool1d(input: Tensor, options: PoolingOptions): Tensor {
  return pool(averagePoolPrimitive, input, "averagePool1d", 1, options);
}

/** The mean of each window of `[N, H, W, C]`: `[N, H', W', C]`; padding is not counted. */
export function averagePool2d(input: Tensor, options: PoolingOptions): Tensor {
  return pool(averagePoolPrimitive, input, "averagePool2d", 2, options);
}

function spatialAxes(input: Tensor, where: string): number[] {
  if (input.shape.length < 3) {
    throw new AuricleError(
      "shape",
      `${where}: input must be [batch, …spatial, channels]; got ${formatShape(input.shape)}`,
    );
  }
  return input.shape.slice(1, -1).map((_, axis) => axis + 1);
}

/**
 * The largest value of each channel of `[N, …, C]`: `[N, C]`, or with `keepDims` `[N, 1…, C]`. Equal maxima share the
 * gradient, as in `max`.
 */
export function globalMaxPool(input: Tensor, keepDims = false): Tensor {
  return max(input, spatialAxes(input, "globalMaxPool"), keepDims);
}

/** The mean of each channel of `[N, …, C]`: `[N, C]`, or with `keepDims` `[N, 1…, C]`. */
export function globalAveragePool(input: Tensor, keepDims = false): Tensor {
  return mean(input, spatialAxes(input, "globalAveragePool"), keepDims);
}
