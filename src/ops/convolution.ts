/**
 * @file Convolution in one and two dimensions, and the two operations that are its gradients: transposed
 * convolution (the input gradient) and the filter gradient. The three are closed under differentiation.
 *
 * The operation is cross-correlation, as in all deep-learning libraries:
 *   y[n, t, f] = Σ over k, c of x[n, t·stride + k·dilation - before, c] · filter[k, c, f]
 */
import { AuricleError } from "../errors.ts";
import { defineOperation, type Primitive } from "../graph/define.ts";
import type { Tensor } from "../graph/tensor.ts";
import { multiplyAddsOf, type ConvolutionGeometry } from "../kernels/convolution/geometry.ts";
import type { FilterView } from "../kernels/convolution/pack.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import { lowerConvolution, lowerFilterGradient } from "./convolution-algorithms.ts";
import {
  dilatedSize,
  isCount,
  perAxis,
  resolvePadding,
  rowsAndColumns,
  windowCount,
  type AxisPadding,
  type Padding,
} from "./window.ts";

/** Resolved: one entry for each spatial axis. */
export interface ConvolutionParameters {
  readonly strides: readonly number[];
  readonly padding: readonly AxisPadding[];
  readonly dilations: readonly number[];
  readonly groups: number;
}

/** Sizes of a convolution from `input` to `output` with spatial axes 1 or 2; one axis is taken as width. */
function geometryOf(
  input: Shape,
  filter: Shape,
  output: Shape,
  { strides, padding, dilations, groups }: ConvolutionParameters,
): ConvolutionGeometry {
  const [inputHeight, inputWidth] = rowsAndColumns(input.slice(1, -1), 1);
  const [outputHeight, outputWidth] = rowsAndColumns(output.slice(1, -1), 1);
  const [filterHeight, filterWidth] = rowsAndColumns(filter.slice(0, -2), 1);
  return {
    batch: input[0],
    inputHeight,
    inputWidth,
    inputChannels: input[input.length - 1],
    outputHeight,
    outputWidth,
    outputChannels: output[output.length - 1],
    filterHeight,
    filterWidth,
    strides: rowsAndColumns(strides, 1),
    dilations: rowsAndColumns(dilations, 1),
    padding: rowsAndColumns(
      padding.map(([before]) => before),
      0,
    ),
    inputDilations: [1, 1],
    groups,
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

/** The same filter turned by 180° with inputs and outputs exchanged: what the input gradient convolves with. */
function flippedView(view: FilterView): FilterView {
  const { rows, columns, strides } = view;
  return {
    ...view,
    inputs: view.outputs,
    outputs: view.inputs,
    strides: {
      group: strides.group,
      row: -strides.row,
      column: -strides.column,
      input: strides.output,
      output: strides.input,
    },
    offset: view.offset + (rows - 1) * strides.row + (columns - 1) * strides.column,
  };
}

/** The input gradient as a convolution of its own: the output gradient, spread by the strides and padded. */
function transposedGeometry(geometry: ConvolutionGeometry): ConvolutionGeometry {
  const { filterHeight, filterWidth, dilations, padding } = geometry;
  return {
    ...geometry,
    inputHeight: geometry.outputHeight,
    inputWidth: geometry.outputWidth,
    inputChannels: geometry.outputChannels,
    outputHeight: geometry.inputHeight,
    outputWidth: geometry.inputWidth,
    outputChannels: geometry.inputChannels,
    strides: [1, 1],
    inputDilations: geometry.strides,
    padding: [
      dilatedSize(filterHeight, dilations[0]) - 1 - padding[0],
      dilatedSize(filterWidth, dilations[1]) - 1 - padding[1],
    ],
  };
}

function outputShapeOf(input: Shape, filter: Shape, parameters: ConvolutionParameters): number[] {
  const { strides, padding, dilations } = parameters;
  const spatial = input.slice(1, -1).map((length, axis) => {
    return windowCount(length, dilatedSize(filter[axis], dilations[axis]), strides[axis], padding[axis]);
  });
  return [input[0], ...spatial, filter[filter.length - 1]];
}

/** @throws AuricleError "argument" */
export function checkGroups(groups: number, where: string): void {
  if (isCount(groups)) return;
  throw new AuricleError("argument", `${where}: groups must be a positive integer; got ${groups}`);
}

function checkConvolution(input: Shape, filter: Shape, parameters: ConvolutionParameters): void {
  const { groups, padding } = parameters;
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
  outputShapeOf(input, filter, parameters)
    .slice(1, -1)
    .forEach((count, axis) => {
      if (count >= 1 && filter[axis] >= 1) return;
      throw new AuricleError(
        "shape",
        `${where}: the window must fit into the padded input, and have a length, on axis ${axis + 1}; ${came}, padding ${JSON.stringify(padding[axis])}; use padding "same", a smaller window or a longer input`,
      );
    });
}

/** Calls `visit` for every product in a convolution: positions in input, filter and output. */
function forEachProduct(
  geometry: ConvolutionGeometry,
  visit: (input: number, filter: number, output: number) => void,
): void {
  const g = geometry;
  const groupInputs = g.inputChannels / g.groups;
  const groupOutputs = g.outputChannels / g.groups;
  for (let n = 0; n < g.batch; n++)
    for (let row = 0; row < g.outputHeight; row++)
      for (let column = 0; column < g.outputWidth; column++)
        for (let output = 0; output < g.outputChannels; output++)
          for (let i = 0; i < g.filterHeight; i++)
            for (let j = 0; j < g.filterWidth; j++) {
              const y = row * g.strides[0] + i * g.dilations[0] - g.padding[0];
              const x = column * g.strides[1] + j * g.dilations[1] - g.padding[1];
              if (y < 0 || y >= g.inputHeight || x < 0 || x >= g.inputWidth) continue;
              for (let channel = 0; channel < groupInputs; channel++) {
                const from = Math.floor(output / groupOutputs) * groupInputs + channel;
                visit(
                  ((n * g.inputHeight + y) * g.inputWidth + x) * g.inputChannels + from,
                  ((i * g.filterWidth + j) * groupInputs + channel) * g.outputChannels + output,
                  ((n * g.outputHeight + row) * g.outputWidth + column) * g.outputChannels + output,
                );
              }
            }
}

export const convolutionPrimitive: Primitive<ConvolutionParameters> = defineOperation<ConvolutionParameters>({
  name: "convolution",
  shape: ([input, filter], parameters) => {
    checkConvolution(input.shape, filter.shape, parameters);
    return outputShapeOf(input.shape, filter.shape, parameters);
  },
  structure: ([input, filter], parameters, output) => ({
    kind: "kernels",
    fusesEpilogue: true,
    lower: (lowering) => {
      const geometry = geometryOf(input.shape, filter.shape, output, parameters);
      lowerConvolution(lowering, geometry, filterView(geometry));
    },
  }),
  reference: ([input, filter], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachProduct(geometryOf(input.shape, filter.shape, shape, parameters), (x, w, y) => {
      result[y] += input.data[x] * filter.data[w];
    });
    return result;
  },
  gradient: (outputGradient, [input, filter], parameters) => [
    transposedPrimitive([outputGradient, filter], { ...parameters, outputShape: input.shape }),
    filterGradientPrimitive([input, outputGradient], { ...parameters, filterShape: filter.shape }),
  ],
  multiplyAdds: ([input, filter], parameters, output) =>
    multiplyAddsOf(geometryOf(input.shape, filter.shape, output, parameters)),
});

/** The parameters are those of the convolution whose input gradient this is, from `outputShape` to the input's. */
export interface TransposedParameters extends ConvolutionParameters {
  readonly outputShape: Shape;
}

export const transposedPrimitive: Primitive<TransposedParameters> = defineOperation<TransposedParameters>({
  name: "transposedConvolution",
  shape: ([input, filter], parameters) => {
    const { outputShape } = parameters;
    checkConvolution(outputShape, filter.shape, parameters);
    const expected = outputShapeOf(outputShape, filter.shape, parameters);
    if (formatShape(expected) !== formatShape(input.shape)) {
      throw new AuricleError(
        "shape",
        `transposedConvolution: input must be ${formatShape(expected)} to give ${formatShape(outputShape)}; got ${formatShape(input.shape)}`,
      );
    }
    return outputShape;
  },
  structure: ([input, filter], parameters, output) => ({
    kind: "kernels",
    fusesEpilogue: true,
    lower: (lowering) => {
      const geometry = geometryOf(output, filter.shape, input.shape, parameters);
      lowerConvolution(lowering, transposedGeometry(geometry), flippedView(filterView(geometry)));
    },
  }),
  reference: ([input, filter], parameters, shape) => {
    const result = new Float64Array(sizeOf(shape));
    forEachProduct(geometryOf(shape, filter.shape, input.shape, parameters), (x, w, y) => {
      result[x] += input.data[y] * filter.data[w];
    });
    return result;
  },
  gradient: (outputGradient, [input, filter], parameters) => [
    convolutionPrimitive([outputGradient, filter], parametersOnly(parameters)),
    filterGradientPrimitive([outputGradient, input], {
      ...parametersOnly(parameters),
      filterShape: filter.shape,
    }),
  ],
  multiplyAdds: ([input, filter], parameters, output) =>
    multiplyAddsOf(geometryOf(output, filter.shape, input.shape, parameters)),
});

export interface FilterGradientParameters extends ConvolutionParameters {
  readonly filterShape: Shape;
}

/** Inputs: the convolution's input and its output's gradient. */
export const filterGradientPrimitive: Primitive<FilterGradientParameters> =
  defineOperation<FilterGradientParameters>({
    name: "convolutionFilterGradient",
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
      transposedPrimitive([outputGradient, gradient], {
        ...parametersOnly(parameters),
        outputShape: input.shape,
      }),
      convolutionPrimitive([input, gradient], parametersOnly(parameters)),
    ],
    multiplyAdds: ([input, outputGradient], parameters, filterShape) =>
      multiplyAddsOf(geometryOf(input.shape, filterShape, outputGradient.shape, parameters)),
  });

function parametersOnly({
  strides,
  padding,
  dilations,
  groups,
}: ConvolutionParameters): ConvolutionParameters {
  return { strides, padding, dilations, groups };
}

export interface ConvolutionOptions {
  /** Default 1. */
  readonly strides?: number | readonly number[];
  /** Default "valid"; "causal" in one dimension only. */
  readonly padding?: Padding;
  /** Default 1. */
  readonly dilationRate?: number | readonly number[];
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
  const strides = perAxis(options.strides ?? 1, axes, "strides", where);
  const dilations = perAxis(options.dilationRate ?? 1, axes, "dilationRate", where);
  if (options.padding === "causal" && axes !== 1) {
    throw new AuricleError(
      "argument",
      `${where}: padding "causal" is for one dimension; use "same" or "valid"`,
    );
  }
  const windows = dilations.map((dilation, axis) => dilatedSize(filter.shape[axis], dilation));
  const padding = resolvePadding(
    options.padding ?? "valid",
    input.shape.slice(1, -1),
    windows,
    strides,
    where,
  );
  return convolutionPrimitive([input, filter], { strides, padding, dilations, groups: options.groups ?? 1 });
}

/** 1D convolution of `[N, T, C]` with a filter `[K, C / groups, F]`: `[N, T', F]`. */
export function conv1d(input: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolve(input, filter, 1, options);
}

/** 2D convolution of `[N, H, W, C]` with a filter `[K, L, C / groups, F]`: `[N, H', W', F]`. */
export function conv2d(input: Tensor, filter: Tensor, options: ConvolutionOptions = {}): Tensor {
  return convolve(input, filter, 2, options);
}
