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
import type { PoolingGeometry } from "../kernels/pooling/geometry.ts";
import { poolingGradientKernel, poolingGradientKey, writesCellsOnce } from "../kernels/pooling/gradient.ts";
import { poolingSelectionKernel, poolingSelectionKey } from "../kernels/pooling/selection.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import type { DoubleArray } from "../tensor/array.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import {
  AVERAGE_GRADIENT_CASES,
  AVERAGE_POOL_CASES,
  MAX_GRADIENT_CASES,
  MAX_POOL_CASES,
  MAX_SELECTION_CASES,
} from "./pooling-cases.ts";
import {
  checkedShape,
  forEachWindow,
  geometryOf,
  poolingStructure,
  type PoolingParameters,
} from "./pooling-windows.ts";
import { canFindWinners, giveToWinners } from "./pooling-winner.ts";
import { max, mean } from "./reduce.ts";
import { perAxis, resolvePadding, type Padding } from "./window.ts";

function gradientStructure(geometry: PoolingGeometry, result: "max" | "mean"): Structure {
  return {
    kind: "kernels",
    fusesTail: writesCellsOnce(geometry) ? "aligned" : false,
    lower: ({ inputs, output, tail, tailBuffers, call }) => {
      const request = { geometry, result, tail };
      call(
        poolingGradientKey(request),
        (machine) => poolingGradientKernel(request, machine),
        [...inputs, ...tailBuffers],
        [output],
      );
    },
  };
}

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
  gradient: (outputGradient, [input], parameters, output) => [
    canFindWinners(input, parameters)
      ? giveToWinners(outputGradient, input, parameters)
      : maxPoolGradientPrimitive([input, output, outputGradient], parameters),
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
  structure: ([input, maxima], parameters) => {
    const geometry = geometryOf(input.shape, maxima.shape, parameters);
    return {
      kind: "kernels",
      fusesTail: false,
      lower: ({ inputs, output, call }) =>
        call(poolingSelectionKey(geometry), (machine) => poolingSelectionKernel(geometry, machine), inputs, [
          output,
        ]),
    };
  },
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
    poolingStructure(geometryOf(input.shape, shape, parameters), "mean"),
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

const OPTIONS: OptionNames<PoolingOptions> = { poolSize: true, strides: true, padding: true };

function pool(
  primitive: Primitive<PoolingParameters>,
  input: Tensor,
  where: string,
  axes: number,
  options: PoolingOptions,
): Tensor {
  checkOptions(where, options, OPTIONS, "input, ");
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
