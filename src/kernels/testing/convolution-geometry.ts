import type { ConvolutionGeometry } from "../convolution/geometry.ts";

/** The geometry of a convolution with square filters, a step of 1 and one group. */
export function geometryOf(
  batch: number,
  [inputHeight, inputWidth]: readonly [number, number],
  [inputChannels, outputChannels]: readonly [number, number],
  [top, left, bottom, right]: readonly [number, number, number, number] = [1, 1, 1, 1],
  filterSize = 3,
): ConvolutionGeometry {
  return {
    batch,
    inputHeight,
    inputWidth,
    inputChannels,
    outputHeight: inputHeight + top + bottom - filterSize + 1,
    outputWidth: inputWidth + left + right - filterSize + 1,
    outputChannels,
    filterHeight: filterSize,
    filterWidth: filterSize,
    strides: [1, 1],
    dilations: [1, 1],
    padding: [top, left],
    inputDilations: [1, 1],
    groups: 1,
  };
}
