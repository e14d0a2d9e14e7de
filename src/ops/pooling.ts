/**
 * @file Pooling over windows in one and two dimensions, whose gradients are operations in files of their own.
 *
 * Padding is no value: it never is the maximum, and a mean is over the cells inside the input (Keras' rule) unless
 * `countIncludePad` asks for PyTorch's.
 * Where several cells of a window are the largest, the first of them, row by row, gets the gradient (as in PyTorch and JAX). A NaN is the maximum of a window only as its first cell; elsewhere it is passed over.
 */
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import { constantTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { multiply } from "./arithmetic.ts";
import {
  checkedShape,
  forEachWindow,
  geometryOf,
  poolingStructure,
  type PoolingParameters,
} from "./pooling-windows.ts";
import { max, mean } from "./reduce.ts";
import {
  dilatedSize,
  paddingForLastWindow,
  perAxis,
  resolvePadding,
  type AxisPadding,
  type Padding,
} from "./window.ts";

export const maxPoolPrimitive: Primitive<PoolingParameters> = defineOperation<PoolingParameters>({
  name: "maxPool",
  shape: ([input], parameters) => checkedShape("maxPool", input.shape, parameters),
  structure: ([input], parameters, shape) =>
    poolingStructure(geometryOf(input.shape, shape, parameters), "max"),
  reference: ([{ shape: inputShape, data }], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachWindow(geometryOf(inputShape, shape, parameters), (output, [first, ...others]) => {
      result[output] = others.reduce((best, cell) => (best < data[cell] ? data[cell] : best), data[first]);
    });
    return result;
  },
});

export const averagePoolPrimitive: Primitive<PoolingParameters> = defineOperation<PoolingParameters>({
  name: "averagePool",
  shape: ([input], parameters) => checkedShape("averagePool", input.shape, parameters),
  structure: ([input], parameters, shape) =>
    poolingStructure(geometryOf(input.shape, shape, parameters), "mean"),
  reference: ([input], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachWindow(geometryOf(input.shape, shape, parameters), (output, cells) => {
      for (const cell of cells) result[output] += input.data[cell] / cells.length;
    });
    return result;
  },
});

export interface PoolingOptions {
  /** Length of the window on each axis, or one number for all axes. */
  readonly poolSize: number | readonly number[];
  /** Default: poolSize, so that windows lie side by side. */
  readonly strides?: number | readonly number[];
  /** Default "valid". Explicit padding must be smaller than the window, gaps included. */
  readonly padding?: Exclude<Padding, "causal">;
  /** Distance between neighbouring cells of a window. Default 1. */
  readonly dilationRate?: number | readonly number[];
  /**
   * Whether a last window counts that reaches past the padded input, as long as it starts inside the input or the padding
   * before it: PyTorch's `ceil_mode`. Default false.
   */
  readonly ceil?: boolean;
}

export interface AveragePoolingOptions extends PoolingOptions {
  /**
   * Whether padding counts as zeros, in PyTorch's way: what `ceil` lets a window reach past the padding is not counted.
   * Default false: the mean is over the cells inside the input.
   */
  readonly countIncludePad?: boolean;
}

export const POOLING_OPTIONS: OptionNames<PoolingOptions> = {
  poolSize: true,
  strides: true,
  padding: true,
  dilationRate: true,
  ceil: true,
};

export const AVERAGE_POOLING_OPTIONS: OptionNames<AveragePoolingOptions> = {
  ...POOLING_OPTIONS,
  countIncludePad: true,
};

interface ResolvedPooling {
  readonly parameters: PoolingParameters;
  /** The padding that was asked for, without what `ceil` adds. */
  readonly counted: readonly AxisPadding[];
}

function resolve(input: Tensor, where: string, axes: number, options: PoolingOptions): ResolvedPooling {
  if (input.shape.length !== axes + 2) {
    const wanted = axes === 1 ? "[batch, time, channels]" : "[batch, height, width, channels]";
    throw new AuricleError("shape", `${where}: input must be ${wanted}; got ${formatShape(input.shape)}`);
  }
  const poolSize = perAxis(options.poolSize, axes, "poolSize", where);
  const strides = perAxis(options.strides ?? poolSize, axes, "strides", where);
  const dilations = perAxis(options.dilationRate ?? 1, axes, "dilationRate", where);
  const lengths = input.shape.slice(1, -1);
  const windows = poolSize.map((size, axis) => dilatedSize(size, dilations[axis]));
  const counted = resolvePadding(options.padding ?? "valid", lengths, windows, strides, where);
  const padding = counted.map((sides, axis) =>
    options.ceil ? paddingForLastWindow(lengths[axis], windows[axis], strides[axis], sides) : sides,
  );
  return { parameters: { poolSize, strides, dilations, padding }, counted };
}

function maxPool(input: Tensor, axes: number, options: PoolingOptions): Tensor {
  const where = `maxPool${axes}d`;
  checkOptions(where, options, POOLING_OPTIONS, "input, ");
  const { parameters } = resolve(input, where, axes, options);
  return maxPoolPrimitive([input], parameters);
}

function averagePool(input: Tensor, axes: number, options: AveragePoolingOptions): Tensor {
  const where = `averagePool${axes}d`;
  checkOptions(where, options, AVERAGE_POOLING_OPTIONS, "input, ");
  const { parameters, counted } = resolve(input, where, axes, options);
  const means = averagePoolPrimitive([input], parameters);
  if (!options.countIncludePad) return means;
  return counted.reduce((scaled, sides, axis) => {
    const shares = sharesInside(input.shape[axis + 1], means.shape[axis + 1], parameters, axis, sides);
    if (shares.every((share) => share === 1)) return scaled;
    const shape = means.shape.slice(axis + 1).map((length, i) => (i === 0 ? length : 1));
    return multiply(scaled, constantTensor({ shape, data: Float32Array.from(shares) }));
  }, means);
}

/** Along one axis, for each window: how many of the cells in input and padding are in the input. */
function sharesInside(
  inputs: number,
  outputs: number,
  { poolSize, strides, dilations }: PoolingParameters,
  axis: number,
  [before, after]: AxisPadding,
): number[] {
  return Array.from({ length: outputs }, (_, output) => {
    let [inside, counted] = [0, 0];
    for (let cell = 0; cell < poolSize[axis]; cell++) {
      const position = output * strides[axis] + cell * dilations[axis] - before;
      if (position < inputs + after) counted++;
      if (position >= 0 && position < inputs) inside++;
    }
    return inside / counted;
  });
}

/** The largest value of each window of `[N, T, C]`: `[N, T', C]`. */
export function maxPool1d(input: Tensor, options: PoolingOptions): Tensor {
  return maxPool(input, 1, options);
}

/** The largest value of each window of `[N, H, W, C]`: `[N, H', W', C]`. */
export function maxPool2d(input: Tensor, options: PoolingOptions): Tensor {
  return maxPool(input, 2, options);
}

/** The mean of each window of `[N, T, C]`: `[N, T', C]`; padding is not counted unless `countIncludePad`. */
export function averagePool1d(input: Tensor, options: AveragePoolingOptions): Tensor {
  return averagePool(input, 1, options);
}

/** The mean of each window of `[N, H, W, C]`: `[N, H', W', C]`; padding is not counted unless `countIncludePad`. */
export function averagePool2d(input: Tensor, options: AveragePoolingOptions): Tensor {
  return averagePool(input, 2, options);
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
