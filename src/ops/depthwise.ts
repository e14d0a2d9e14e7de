/**
 * @file Depthwise convolution: every channel with filters of its own. Its gradients are operations in files of their own.
 *
 *   y[n, t, c] = Σ over k of x[n, t·stride + k·dilation - before, c] · filter[k, c]
 */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { DepthwiseGeometry } from "../kernels/depthwise/geometry.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { convolutionPrimitive } from "./convolution.ts";
import { reshape } from "./reshape.ts";
import {
  forEachCell,
  windowCounts,
  windowGeometry,
  windowParameters,
  type WindowOptions,
  type WindowParameters,
} from "./window.ts";
import { defineProducts, type WindowedFamily } from "./windowed-products.ts";
import { DEPTHWISE_TASK } from "../lowering/depthwise.ts";

function outputShapeOf(input: Shape, filter: Shape, parameters: WindowParameters): number[] {
  const axes = input.length - 2;
  const came = `got input ${formatShape(input)}, filter ${formatShape(filter)}`;
  if ((axes !== 1 && axes !== 2) || filter.length !== axes + 1 || filter[axes] !== input[axes + 1]) {
    throw new AuricleError(
      "shape",
      `depthwise: input must be [batch, time, channels] or [batch, height, width, channels] and the filter [window…, channels]; ${came}`,
    );
  }
  const counts = windowCounts(`depthwiseConv${axes}d`, came, input.slice(1, -1), filter, parameters);
  return [input[0], ...counts, input[axes + 1]];
}

function multiplyAddsOf({ batch, outputHeight, outputWidth, channels, window }: DepthwiseGeometry): number {
  return batch * outputHeight * outputWidth * channels * window[0] * window[1];
}

/** Inputs: `[N, …, C]` and a filter `[window…, C]`. */
export const DEPTHWISE_FAMILY: WindowedFamily<WindowParameters, DepthwiseGeometry> = {
  parameters: ({ strides, padding, dilations }) => ({ strides, padding, dilations }),
  outputShape: outputShapeOf,
  geometry: (input, filter, output, parameters) => ({
    ...windowGeometry(input, filter.slice(0, -1), output, parameters),
    channels: input[input.length - 1],
  }),
  multiplyAdds: multiplyAddsOf,
  forEachProduct: (geometry, visit) => {
    const { channels } = geometry;
    forEachCell(geometry, (pixel, cell, result) => {
      for (let channel = 0; channel < channels; channel++) {
        visit(pixel * channels + channel, cell * channels + channel, result * channels + channel);
      }
    });
  },
};

export const depthwisePrimitive = defineProducts("depthwise", DEPTHWISE_FAMILY, (geometry) => ({
  kind: DEPTHWISE_TASK,
  geometry,
  transposed: false,
}));

const OPTIONS: OptionNames<WindowOptions> = { strides: true, padding: true, dilationRate: true };

/** Windows of more cells than this would make long code: they run as a convolution in groups of one channel. */
const MOST_CELLS = 64;

/** Whether a filter `[window…]` for each channel has kernels of its own. */
export function isDepthwiseWindow(window: Shape): boolean {
  return sizeOf(window) <= MOST_CELLS;
}

function convolveDepthwise(input: Tensor, filter: Tensor, axes: number, options: WindowOptions): Tensor {
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
  const window = filter.shape.slice(0, axes);
  const parameters = windowParameters(where, input.shape.slice(1, -1), window, options);
  const [channels, multiplier] = filter.shape.slice(axes);
  if (multiplier === 1 && isDepthwiseWindow(window)) {
    return depthwisePrimitive([input, reshape(filter, [...window, channels])], parameters);
  }
  const grouped = reshape(filter, [...window, 1, channels * multiplier]);
  return convolutionPrimitive([input, grouped], { ...parameters, groups: channels });
}

/**
 * Depthwise 1D convolution of `[N, T, C]` with a filter `[K, C, M]`: `[N, T', C·M]`. Channel c gives the outputs c·M …
 * c·M + M-1 (Keras' order).
 */
export function depthwiseConv1d(input: Tensor, filter: Tensor, options: WindowOptions = {}): Tensor {
  return convolveDepthwise(input, filter, 1, options);
}

/**
 * Depthwise 2D convolution of `[N, H, W, C]` with a filter `[K, L, C, M]`: `[N, H', W', C·M]`. Channel c gives the
 * outputs c·M … c·M + M-1 (Keras' order).
 */
export function depthwiseConv2d(input: Tensor, filter: Tensor, options: WindowOptions = {}): Tensor {
  return convolveDepthwise(input, filter, 2, options);
}
