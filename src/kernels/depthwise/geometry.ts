/** @file The geometry that every depthwise kernel receives: sizes and padding, computed once. */
import type { WindowAxis } from "../window-axis.ts";

/**
 * Each channel of channels-last images is convolved with a filter of its own, [filterHeight, filterWidth, channels].
 * 1D convolutions have height 1.
 */
export interface DepthwiseGeometry {
  readonly batch: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly channels: number;
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Rows above and columns left of the input; what lies below and right follows from the output's size. */
  readonly padding: readonly [number, number];
}

/** The rows (axis 0) or the columns (axis 1). */
export function depthwiseAxis(geometry: DepthwiseGeometry, axis: 0 | 1): WindowAxis {
  const { inputHeight, inputWidth, outputHeight, outputWidth } = geometry;
  return {
    inputs: axis === 0 ? inputHeight : inputWidth,
    outputs: axis === 0 ? outputHeight : outputWidth,
    window: geometry.window[axis],
    stride: geometry.strides[axis],
    dilation: geometry.dilations[axis],
    before: geometry.padding[axis],
  };
}
