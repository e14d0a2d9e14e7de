/**
 * @file Convolution in one and two dimensions. Its gradients are operations in files of their own: transposed convolution (the
 * input gradient) and the filter gradient.
 *
 * The operation is cross-correlation, as in all deep-learning libraries:
 *   y[n, t, f] = Σ over k, c of x[n, t·stride + k·dilation - before, c] · filter[k, c, f]
 */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { multiplyAddsOf, type ConvolutionGeometry } from "../kernels/convolution/geometry.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import { CONVOLUTION_TASK } from "../lowering/convolution/convolution.ts";
import {
  forEachCell,
  isCount,
  windowCounts,
  windowGeometry,
  windowParameters,
  type WindowOptions,
  type WindowParameters,
} from "./window.ts";
import { defineProducts, type WindowedFamily } from "./windowed-products.ts";
import type { FilterView } from "../kernels/requests.ts";

export interface ConvolutionParameters extends WindowParameters {
  readonly groups: number;
}

/** Sizes of a convolution from `input` to `output` with spatial axes 1 or 2; one axis is taken as width. */
function geometryOf(
  input: Shape,
  filter: Shape,
  output: Shape,
  parameters: ConvolutionParameters,
): ConvolutionGeometry {
  const { window, ...sizes } = windowGeometry(input, filter.slice(0, -2), output, parameters);
  const [filterHeight, filterWidth] = window;
  return {
    ...sizes,
    inputChannels: input[input.length - 1],
    outputChannels: output[output.length - 1],
    filterHeight,
    filterWidth,
    inputDilations: [1, 1],
    groups: parameters.groups,
  };
}

/** The filter [rows, columns, inputs of a group, outputs] as it lies in memory. */
export function filterView(geometry: ConvolutionGeometry): FilterView {
  const { filterHeight, filterWidth, inputChannels, outputChannels, groups } = geometry;
  const inputs = inputChannels / groups;
  return {
    groups,
    rows: filterHeight,
    columns: filterWidth,
    inputs,
    outputs: outputChannels / groups,
    strides: {
      group: outputChannels / groups,
      row: filterWidth * inputs * outputChannels,
      column: inputs * outputChannels,
      input: outputChannels,
      output: 1,
    },
    offset: 0,
  };
}

/** @throws AuricleError "argument" */
export function checkGroups(groups: number, where: string): void {
  if (isCount(groups)) return;
  throw new AuricleError("argument", `${where}: groups must be a positive integer; got ${groups}`);
}

function outputShapeOf(input: Shape, filter: Shape, parameters: ConvolutionParameters): number[] {
  const { groups } = parameters;
  const axes = input.length - 2;
  const where = `conv${axes}d`;
  const came = `got input ${formatShape(input)}, filter ${formatShape(filter)}`;
  checkGroups(groups, where);
  if ((axes !== 1 && axes !== 2) || filter.length !== input.length) {
    throw new AuricleError(
      "shape",
      `convolution: input must be [batch, time, channels] or [batch, height, width, channels] and the filter [window…, inputs, outputs]; ${came}`,
    );
  }
  const [filterInputs, outputs] = filter.slice(-2);
  if (input[axes + 1] !== filterInputs * groups) {
    throw new AuricleError(
      "shape",
      `${where}: input channels must equal filter inputs x groups; ${came}, groups ${groups}`,
    );
  }
  if (outputs % groups !== 0) {
    throw new AuricleError(
      "shape",
      `${where}: outputs must be a multiple of groups; ${came}, groups ${groups}`,
    );
  }
  const counts = windowCounts(where, came, input.slice(1, -1), filter, parameters);
  return [input[0], ...counts, outputs];
}

/** Calls `visit` for every product in a convolution: positions in input, filter and output. */
function forEachProduct(
  geometry: ConvolutionGeometry,
  visit: (input: number, filter: number, output: number) => void,
): void {
  const { filterHeight, filterWidth, inputChannels, outputChannels, groups } = geometry;
  const groupInputs = inputChannels / groups;
  const groupOutputs = outputChannels / groups;
  forEachCell({ ...geometry, window: [filterHeight, filterWidth] }, (pixel, cell, result) => {
    for (let output = 0; output < outputChannels; output++)
      for (let channel = 0; channel < groupInputs; channel++) {
        const from = Math.floor(output / groupOutputs) * groupInputs + channel;
        visit(
          pixel * inputChannels + from,
          (cell * groupInputs + channel) * outputChannels + output,
          result * outputChannels + output,
        );
      }
  });
}

export const CONVOLUTION: WindowedFamily<ConvolutionParameters, ConvolutionGeometry> = {
  parameters: ({ strides, padding, dilations, groups }) => ({ strides, padding, dilations, groups }),
  outputShape: outputShapeOf,
  geometry: geometryOf,
  multiplyAdds: multiplyAddsOf,
  forEachProduct,
};

export const convolutionPrimitive = defineProducts("convolution", CONVOLUTION, (geometry) => ({
  kind: CONVOLUTION_TASK,
  geometry,
  view: filterView(geometry),
}));

export interface ConvolutionOptions extends WindowOptions {
  /** Default 1. Group g of the outputs sees group g of the input channels only. */
  readonly groups?: number;
}

const OPTIONS: OptionNames<ConvolutionOptions> = {
  strides: true,
  padding: true,
  dilationRate: true,
  groups: true,
};

function convolve(input: Tensor, filter: Tensor, axes: number, options: ConvolutionOptions): Tensor {
  const where = `conv${axes}d`;
  checkOptions(where, options, OPTIONS, "input, filter, ");
  if (input.shape.length !== axes + 2 || filter.shape.length !== axes + 2) {
    const wanted = axes === 1 ? "[batch, time, channels]" : "[batch, height, width, channels]";
    throw new AuricleError(
      "shape",
      `${where}: input must be ${wanted} and the filter [window…, inputs, outputs]; got ${formatShape(input.shape)} and ${formatShape(filter.shape)}`,
    );
  }
  const parameters = windowParameters(where, input.shape.slice(1, -1), filter.shape, options);
  return convolutionPrimitive([input, filter], { ...parameters, groups: options.groups ?? 1 });
}

/** 1D convolution of `[N, T, C]` with a filter `[K, C / groups, F]`: `[N, T', F]`. */
export function conv1d(input: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolve(input, filter, 1, options);
}

/** 2D convolution of `[N, H, W, C]` with a filter `[K, L, C / groups, F]`: `[N, H', W', F]`. */
export function conv2d(input: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolve(input, filter, 2, options);
}
