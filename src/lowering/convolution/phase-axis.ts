/** @file Phases of a convolution over an input that is spread out, along one axis. */
import type { ConvolutionGeometry } from "../../kernels/convolution/geometry.ts";

/** The dense convolution that computes each `spread`th output from one on. */
export interface PhaseAxis {
  /** The first output. */
  readonly phase: number;
  readonly outputs: number;
  /** The filter's numbers that meet pixels: `filter` of them, from `first` on, `step` apart. */
  readonly first: number;
  readonly step: number;
  readonly filter: number;
  readonly dilation: number;
  readonly padding: number;
}

/**
 * Output o meets number t of the filter where o - padding + t · dilation is a multiple of the distance between pixels.
 * @param phase the first output, less than that distance
 */
export function phaseAxis(geometry: ConvolutionGeometry, axis: 0 | 1, phase: number): PhaseAxis {
  const { filterHeight, filterWidth, outputHeight, outputWidth } = geometry;
  const filter = axis === 0 ? filterHeight : filterWidth;
  const outputs = axis === 0 ? outputHeight : outputWidth;
  const spread = geometry.inputDilations[axis];
  const dilation = geometry.dilations[axis];
  const padding = geometry.padding[axis];
  const common = greatestCommonDivisor(spread, dilation);
  const step = spread / common;
  let first = 0;
  while (first < step && (padding - phase - first * dilation) % spread !== 0) first++;
  return {
    phase,
    outputs: Math.ceil((outputs - phase) / spread),
    first,
    step,
    filter: first === step ? 0 : Math.max(0, Math.ceil((filter - first) / step)),
    dilation: dilation / common,
    padding: first === step ? 0 : (padding - phase - first * dilation) / spread,
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
