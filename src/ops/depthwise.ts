/**
 * @file Depthwise convolution: every channel with filters of its own, and the two operations that are its
 * gradients. The three are closed under differentiation.
 *
 *   y[n, t, c] = Σ over k of x[n, t·stride + k·dilation - before, c] · filter[k, c]
 */
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Lowering } from "../graph/lowering.ts";
import type { Tensor } from "../graph/tensor.ts";
import {
  depthwiseFilterGradientKernel,
  depthwiseFilterGradientKey,
  depthwiseShares,
} from "../kernels/depthwise/filter-gradient.ts";
import { depthwiseKernel, depthwiseKey } from "../kernels/depthwise/forward.ts";
import type { DepthwiseGeometry } from "../kernels/depthwise/geometry.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, sameShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { convolutionPrimitive } from "./convolution.ts";
import { lowerPartialSums } from "./partial-sums.ts";
import { reshape } from "./reshape.ts";
import {
  dilatedSize,
  perAxis,
  resolvePadding,
  rowsAndColumns,
  windowCount,
  type AxisPadding,
  type Padding,
} from "./window.ts";

/** Resolved: one entry for each spatial axis. */
export interface DepthwiseParameters {
  readonly strides: readonly number[];
  readonly padding: readonly AxisPadding[];
  readonly dilations: readonly number[];
}

function geometryOf(
  input: Shape,
  filter: Shape,
  output: Shape,
  { strides, padding, dilations }: DepthwiseParameters,
): DepthwiseGeometry {
  const [inputHeight, inputWidth] = rowsAndColumns(input.slice(1, -1), 1);
  const [outputHeight, outputWidth] = rowsAndColumns(output.slice(1, -1), 1);
  const before = padding.map(([zeros]) => zeros);
  return {
    batch: input[0],
    inputHeight,
    inputWidth,
    outputHeight,
    outputWidth,
    channels: input[input.length - 1],
    window: rowsAndColumns(filter.slice(0, -1), 1),
    strides: rowsAndColumns(strides, 1),
    dilations: rowsAndColumns(dilations, 1),
    padding: rowsAndColumns(before, 0),
  };
}

function outputShapeOf(input: Shape, filter: Shape, parameters: DepthwiseParameters): number[] {
  const { strides, padding, dilations } = parameters;
  const spatial = input
    .slice(1, -1)
    .map((length, axis) =>
      windowCount(length, dilatedSize(filter[axis], dilations[axis]), strides[axis], padding[axis]),
    );
  return [input[0], ...spatial, input[input.length - 1]];
}

function checkedOutputShape(input: Shape, filter: Shape, parameters: DepthwiseParameters): number[] {
  const axes = input.length - 2;
  const where = `depthwiseConv${axes}d`;
  const came = `got input ${formatShape(input)}, filter ${formatShape(filter)}`;
  if ((axes !== 1 && axes !== 2) || filter.length !== axes + 1 || filter[axes] !== input[axes + 1]) {
    throw new AuricleError(
      "shape",
      `depthwise: input must be [batch, time, channels] or [batch, height, width, channels] and the filter [window…, channels]; ${came}`,
    );
  }
  const output = outputShapeOf(input, filter, parameters);
  output.slice(1, -1).forEach((count, axis) => {
    if (count >= 1 && filter[axis] >= 1) return;
    throw new AuricleError(
      "shape",
      `${where}: the window must fit into the padded input, and have a length, on axis ${axis + 1}; ${came}, padding ${JSON.stringify(parameters.padding[axis])}; use padding "same", a smaller window or a longer input`,
    );
  });
  return output;
}

/** Calls `visit` for every product: positions in input, filter and output. */
function forEachProduct(
  g: DepthwiseGeometry,
  visit: (input: number, filter: number, output: number) => void,
): void {
  for (let n = 0; n < g.batch; n++)
    for (let row = 0; row < g.outputHeight; row++)
      for (let column = 0; column < g.outputWidth; column++)
        for (let i = 0; i < g.window[0]; i++)
          for (let j = 0; j < g.window[1]; j++) {
            const y = row * g.strides[0] + i * g.dilations[0] - g.padding[0];
            const x = column * g.strides[1] + j * g.dilations[1] - g.padding[1];
            if (y < 0 || y >= g.inputHeight || x < 0 || x >= g.inputWidth) continue;
            for (let channel = 0; channel < g.channels; channel++) {
              visit(
                ((n * g.inputHeight + y) * g.inputWidth + x) * g.channels + channel,
                (i * g.window[1] + j) * g.channels + channel,
                ((n * g.outputHeight + row) * g.outputWidth + column) * g.channels + channel,
              );
            }
          }
}

function multiplyAddsOf({ batch, outputHeight, outputWidth, channels, window }: DepthwiseGeometry): number {
  return batch * outputHeight * outputWidth * channels * window[0] * window[1];
}

function lower(lowering: Lowering, geometry: DepthwiseGeometry, transposed: boolean): void {
  const { inputs, output, epilogue, epilogueBuffers, call } = lowering;
  const request = { geometry, transposed, epilogue };
  const reads = [...inputs, ...epilogueBuffers];
  call(depthwiseKey(request), (machine) => depthwiseKernel(request, machine), reads, [output], true);
}

function lowerFilterGradient(lowering: Lowering, geometry: DepthwiseGeometry): void {
  lowerPartialSums(lowering, depthwiseShares(geometry), depthwiseFilterGradientKey(geometry), (machine) =>
    depthwiseFilterGradientKernel(geometry, machine),
  );
}

/** Inputs: `[N, …, C]` and a filter `[window…, C]`. */
export const depthwisePrimitive: Primitive<DepthwiseParameters> = defineOperation<DepthwiseParameters>({
  name: "depthwise",
  shape: ([input, filter], parameters) => checkedOutputShape(input.shape, filter.shape, parameters),
  structure: ([input, filter], parameters, shape) => ({
    kind: "kernels",
    fusesEpilogue: true,
    lower: (lowering) => lower(lowering, geometryOf(input.shape, filter.shape, shape, parameters), false),
  }),
  reference: ([input, filter], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachProduct(geometryOf(input.shape, filter.shape, shape, parameters), (x, w, y) => {
      result[y] += input.data[x] * filter.data[w];
    });
    return result;
  },
  gradient: (outputGradient, [input, filter], parameters) => [
    depthwiseTransposedPrimitive([outputGradient, filter], { ...parameters, outputShape: input.shape }),
    depthwiseFilterGradientPrimitive([input, outputGradient], { ...parameters, filterShape: filter.shape }),
  ],
  multiplyAdds: ([input, filter], parameters, shape) =>
    multiplyAddsOf(geometryOf(input.shape, filter.shape, shape, parameters)),
});

/** The parameters are those of the convolution whose input gradient this is, from `outputShape` to the input's. */
export interface DepthwiseTransposedParameters extends DepthwiseParameters {
  readonly outputShape: Shape;
}

export const depthwiseTransposedPrimitive: Primitive<DepthwiseTransposedParameters> =
  defineOperation<DepthwiseTransposedParameters>({
    name: "depthwiseTransposed",
    shape: ([input, filter], parameters) => {
      const { outputShape } = parameters;
      const expected = checkedOutputShape(outputShape, filter.shape, parameters);
      if (!sameShape(expected, input.shape)) {
        throw new AuricleError(
          "shape",
          `depthwiseTransposed: input must be ${formatShape(expected)} to give ${formatShape(outputShape)}; got ${formatShape(input.shape)}`,
        );
      }
      return outputShape;
    },
    structure: ([input, filter], parameters, shape) => ({
      kind: "kernels",
      fusesEpilogue: true,
      lower: (lowering) => lower(lowering, geometryOf(shape, filter.shape, input.shape, parameters), true),
    }),
    reference: ([input, filter], parameters, shape) => {
      const result = new Float64Array(sizeOf(shape));
      forEachProduct(geometryOf(shape, filter.shape, input.shape, parameters), (x, w, y) => {
        result[x] += input.data[y] * filter.data[w];
      });
      return result;
    },
    gradient: (outputGradient, [input, filter], parameters) => [
      depthwisePrimitive([outputGradient, filter], parametersOnly(parameters)),
      depthwiseFilterGradientPrimitive([outputGradient, input], {
        ...parametersOnly(parameters),
        filterShape: filter.shape,
      }),
    ],
    multiplyAdds: ([input, filter], parameters, shape) =>
      multiplyAddsOf(geometryOf(shape, filter.shape, input.shape, parameters)),
  });

export interface DepthwiseFilterParameters extends DepthwiseParameters {
  readonly filterShape: Shape;
}

/** Inputs: the convolution's input and its output's gradient. */
export const depthwiseFilterGradientPrimitive: Primitive<DepthwiseFilterParameters> =
  defineOperation<DepthwiseFilterParameters>({
    name: "depthwiseFilterGradient",
    shape: (_, { filterShape }) => filterShape,
    structure: ([input, outputGradient], parameters, filterShape) => ({
      kind: "kernels",
      fusesEpilogue: false,
      lower: (lowering) =>
        lowerFilterGradient(lowering, geometryOf(input.shape, filterShape, outputGradient.shape, parameters)),
    }),
    reference: ([input, outputGradient], parameters, filterShape) => {
      const result = new Float64Array(sizeOf(filterShape));
      forEachProduct(geometryOf(input.shape, filterShape, outputGradient.shape, parameters), (x, w, y) => {
        result[w] += input.data[x] * outputGradient.data[y];
      });
      return result;
    },
    gradient: (gradient, [input, outputGradient], parameters) => [
      depthwiseTransposedPrimitive([outputGradient, gradient], {
        ...parametersOnly(parameters),
        outputShape: input.shape,
      }),
      depthwisePrimitive([input, gradient], parametersOnly(parameters)),
    ],
    multiplyAdds: ([input, outputGradient], parameters, filterShape) =>
      multiplyAddsOf(geometryOf(input.shape, filterShape, outputGradient.shape, parameters)),
  });

function parametersOnly({ strides, padding, dilations }: DepthwiseParameters): DepthwiseParameters {
  return { strides, padding, dilations };
}

export interface DepthwiseOptions {
  /** Default 1. */
  readonly strides?: number | readonly number[];
  /** Default "valid"; "causal" in one dimension only. */
  readonly padding?: Padding;
  /** Default 1. */
  readonly dilationRate?: number | readonly number[];
}

const OPTIONS: OptionNames<DepthwiseOptions> = { strides: true, padding: true, dilationRate: true };

/** Windows of more cells than this would make long code: they run as a convolution in groups of one channel. */
const MOST_CELLS = 64;

/** Whether a filter `[window…]` for each channel has kernels of its own. */
export function isDepthwiseWindow(window: Shape): boolean {
  return sizeOf(window) <= MOST_CELLS;
}

function convolveDepthwise(input: Tensor, filter: Tensor, axes: number, options: DepthwiseOptions): Tensor {
  const where = `depthwiseConv${axes}d`;
  checkOptions(where, options, OPTIONS, "input, filter, ");
  const rank = axes + 2;
  if (
    input.shape.length !== rank ||
    filter.shape.length !== rank ||
    filter.shape[axes] !== input.shape[rank - 1]
  ) {
    const wanted = axes === 1 ? "[batch, time, channels]" : "[batch, height, width, channels]";
    throw new AuricleError(
      "shape",
      `${where}: input must be ${wanted} and the filter [window…, channels, multiplier]; got ${formatShape(input.shape)} and ${formatShape(filter.shape)}`,
    );
  }
  if (options.padding === "causal" && axes !== 1) {
    throw new AuricleError(
      "argument",
      `${where}: padding "causal" is for one dimension; use "same" or "valid"`,
    );
  }
  const window = filter.shape.slice(0, axes);
  const strides = perAxis(options.strides ?? 1, axes, "strides", where);
  const dilations = perAxis(options.dilationRate ?? 1, axes, "dilationRate", where);
  const lengths = input.shape.slice(1, -1);
  const dilated = window.map((size, axis) => dilatedSize(size, dilations[axis]));
  const padding = resolvePadding(options.padding ?? "valid", lengths, dilated, strides, where);
  const [channels, multiplier] = filter.shape.slice(axes);
  if (multiplier === 1 && isDepthwiseWindow(window)) {
    return depthwisePrimitive([input, reshape(filter, [...window, channels])], {
      strides,
      padding,
      dilations,
    });
  }
  const grouped = reshape(filter, [...window, 1, channels * multiplier]);
  return convolutionPrimitive([input, grouped], { strides, padding, dilations, groups: channels });
}

/**
 * Depthwise 1D convolution of `[N, T, C]` with a filter `[K, C, M]`: `[N, T', C·M]`. Channel c gives the outputs c·M …
 * c·M + M-1 (Keras' order).
 */
export function depthwiseConv1d(input: Tensor, filter: Tensor, options: DepthwiseOptions = {}): Tensor {
  return convolveDepthwise(input, filter, 1, options);
}

/**
 * Depthwise 2D convolution of `[N, H, W, C]` with a filter `[K, L, C, M]`: `[N, H', W', C·M]`. Channel c gives the
 * outputs c·M … c·M + M-1 (Keras' order).
 */
export function depthwiseConv2d(input: Tensor, filter: Tensor, options: DepthwiseOptions = {}): Tensor {
  return convolveDepthwise(input, filter, 2, options);
}
