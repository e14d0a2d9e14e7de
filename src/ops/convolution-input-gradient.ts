/** @file Transposed convolution, the input gradient of a convolution: a convolution of its own, with the filter turned by 180°. */
import type { ConvolutionGeometry } from "../kernels/convolution/geometry.ts";
import { CONVOLUTION_TASK } from "../lowering/convolution/convolution.ts";
import { CONVOLUTION, filterView } from "./convolution.ts";
import { dilatedSize } from "./window.ts";
import { defineTransposedProducts } from "./windowed-products.ts";
import type { FilterView } from "../kernels/requests.ts";

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

export const transposedConvolutionPrimitive = defineTransposedProducts(
  "transposedConvolution",
  CONVOLUTION,
  (geometry) => ({
    kind: CONVOLUTION_TASK,
    geometry: transposedGeometry(geometry),
    view: flippedView(filterView(geometry)),
  }),
);
