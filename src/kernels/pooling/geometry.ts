/** @file The geometry that every pooling kernel receives: sizes and padding, computed once. */
import { windowSegments, type Segment, type WindowAxis } from "../window-axis.ts";

/** Windows over channels-last images. 1D pooling has height 1. Every window covers at least one cell of the input. */
export interface PoolingGeometry {
  readonly batch: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly channels: number;
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Distance between neighbouring cells of a window; 1 along an axis where a window has one cell. */
  readonly dilations: readonly [number, number];
  /** Rows above and columns left of the input; what lies below and right follows from the output's size. */
  readonly padding: readonly [number, number];
}

function axisOf(geometry: PoolingGeometry, axis: 0 | 1): WindowAxis {
  const { inputHeight, inputWidth, outputHeight, outputWidth, window, strides, dilations, padding } =
    geometry;
  return {
    inputs: axis === 0 ? inputHeight : inputWidth,
    outputs: axis === 0 ? outputHeight : outputWidth,
    window: window[axis],
    stride: strides[axis],
    dilation: dilations[axis],
    before: padding[axis],
  };
}

/** Segments of the rows (axis 0) or of the columns (axis 1) of the output. */
export function poolingSegments(geometry: PoolingGeometry, axis: 0 | 1): Segment[] {
  return windowSegments(axisOf(geometry, axis));
}

/** Whether a window reaches into its neighbour's place along an axis; dilated windows may do so without sharing cells. */
export function overlaps({ window, strides, dilations }: PoolingGeometry, axis: 0 | 1): boolean {
  return (window[axis] - 1) * dilations[axis] + 1 > strides[axis];
}

/** Whether every cell of the input lies in some window. */
export function coversInput(geometry: PoolingGeometry): boolean {
  return ([0, 1] as const).every((axis) => {
    const { inputs, outputs, window, stride, dilation, before } = axisOf(geometry, axis);
    return dilation === 1 && window >= stride && (outputs - 1) * stride + window - before >= inputs;
  });
}
