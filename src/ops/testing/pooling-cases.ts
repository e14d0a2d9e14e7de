/** @file Shapes that pooling is tested on: odd sizes, size 1, gaps, overlaps, windows clipped on one or both sides. */
import type { Cases, InputValues } from "../../graph/case.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { PoolingParameters } from "../pooling-windows.ts";
import type { AveragePoolGradientParameters } from "../pooling-gradient.ts";
import { dilatedSize, windowCount, type AxisPadding } from "../window.ts";

interface Sizes {
  readonly input: Shape;
  readonly parameters: PoolingParameters;
}

function sizes(
  input: Shape,
  poolSize: readonly number[],
  strides: readonly number[] = poolSize,
  padding: readonly AxisPadding[] = poolSize.map((): AxisPadding => [0, 0]),
  dilations: readonly number[] = poolSize.map(() => 1),
): Sizes {
  return { input, parameters: { poolSize, strides, dilations, padding } };
}

/** [before, after] on both axes. */
function around(...pairs: AxisPadding[]): readonly AxisPadding[] {
  return pairs;
}

const SIZES: readonly Sizes[] = [
  sizes([2, 4, 6, 4], [2, 2]),
  sizes([3, 5, 7, 6], [2, 2]),
  sizes([1, 7, 6, 17], [3, 3], [2, 2], around([1, 1], [0, 1])),
  sizes([1, 4, 3, 1], [3, 3], [1, 1], around([1, 1], [1, 1])),
  sizes([2, 3, 5, 3], [2, 3], [1, 1], around([0, 1], [1, 1])),
  sizes([1, 7, 9, 3], [2, 1], [3, 4]),
  sizes([1, 5, 5, 4], [3, 2], [1, 2]),
  sizes([2, 9, 4, 5], [2, 3], [4, 1], around([1, 0], [1, 1])),
  sizes([1, 2, 3, 3], [5, 5], [5, 5], around([1, 2], [1, 1])),
  sizes([3, 1, 1, 6], [2, 2], [2, 2], around([0, 1], [0, 1])),
  sizes([2, 1, 1, 1], [1, 1]),
  // More cells than are written out one by one.
  sizes([1, 9, 8, 5], [7, 6], [2, 1], around([3, 3], [2, 3])),
  // Channels in blocks, alone and with vectors in a loop.
  sizes([1, 5, 4, 32], [3, 2], [2, 2], around([1, 1], [0, 0])),
  sizes([1, 4, 4, 100], [3, 3], [2, 2], around([1, 0], [1, 0])),
  sizes([2, 8, 3], [2]),
  sizes([1, 11, 5], [4], [3], around([2, 1])),
  sizes([1, 9, 1], [2], [3], around([1, 1])),
  sizes([2, 70, 2], [40], [8], around([5, 20])),
  sizes([1, 6, 16], [2], [1]),
  // Groups of windows of few channels, with windows left over; rows that overlap, and that leave cells out.
  sizes([2, 5, 37, 4], [2, 2]),
  sizes([1, 4, 39, 6], [2, 2]),
  sizes([1, 7, 37, 1], [3, 2], [1, 2], around([1, 1], [1, 0])),
  sizes([1, 6, 26, 12], [1, 2], [2, 2]),
  // Windows that tile the input, of whole vectors of channels.
  sizes([2, 4, 6, 16], [2, 2]),
  sizes([1, 6, 6, 48], [2, 3]),
  sizes([2, 12, 32], [4]),
  sizes([1, 121, 3], [3]),
  sizes([1, 100, 2], [8]),
  // Gaps: windows that overlap or interleave, that lie apart, along one axis alone, and around all of a short axis.
  sizes([2, 9, 8, 5], [3, 2], [1, 2], around([2, 1], [0, 2]), [2, 3]),
  sizes([1, 8, 13, 16], [2, 2], [5, 4], around([1, 0], [0, 1]), [2, 3]),
  sizes([2, 6, 12, 16], [2, 2], [2, 2], around([0, 0], [0, 0]), [1, 2]),
  sizes([2, 6, 36, 4], [2, 2], [2, 2], around([0, 0], [0, 0]), [2, 1]),
  sizes([1, 7, 3, 6], [2, 1], [1, 2], around([0, 3], [0, 0]), [3, 4]),
  sizes([1, 9, 15, 3], [6, 6], [1, 1], around([4, 3], [0, 2]), [2, 2]),
  sizes([2, 21, 4], [4], [3], around([2, 5]), [5]),
  sizes([1, 3, 17], [3], [1], around([4, 4]), [4]),
];

function outputOf({ input, parameters: { poolSize, strides, dilations, padding } }: Sizes): number[] {
  const spatial = input
    .slice(1, -1)
    .map((length, axis) =>
      windowCount(length, dilatedSize(poolSize[axis], dilations[axis]), strides[axis], padding[axis]),
    );
  return [input[0], ...spatial, input[input.length - 1]];
}

export const maxPoolCases: Cases<PoolingParameters> = () =>
  SIZES.map(({ input, parameters }) => ({
    shapes: [input],
    parameters,
    values: ["separated"],
  }));

// Small whole numbers, so that windows have several equal maxima and some have none.
const TIED: readonly InputValues[] = ["labels", "labels", "normal"];
const withoutGradient = "jumps where the maximum moves; see pooling.test.ts";

export const maxGradientCases: Cases<PoolingParameters> = () =>
  SIZES.map((one) => ({
    shapes: [one.input, outputOf(one), outputOf(one)],
    parameters: one.parameters,
    values: TIED,
    withoutGradient,
  }));

/** A winner's cell is known by its number where cells are written out one by one. */
const MOST_CELLS = 32;

export const maxWinnerCases: Cases<PoolingParameters> = () =>
  SIZES.filter(
    ({ parameters: { poolSize } }) => poolSize.reduce((product, length) => product * length, 1) <= MOST_CELLS,
  ).map(({ input, parameters }) => ({
    shapes: [input],
    parameters,
    values: ["labels"],
    withoutGradient: "whole numbers",
  }));

export const maxSelectionCases: Cases<PoolingParameters> = () =>
  SIZES.map((one) => ({
    shapes: [one.input, outputOf(one), one.input],
    parameters: one.parameters,
    values: TIED,
    withoutGradient,
  }));

export const averagePoolCases: Cases<PoolingParameters> = () =>
  SIZES.map(({ input, parameters }) => ({
    shapes: [input],
    parameters,
  }));

export const averageGradientCases: Cases<AveragePoolGradientParameters> = () =>
  SIZES.map((one) => ({
    shapes: [outputOf(one)],
    parameters: { ...one.parameters, inputShape: one.input },
  }));
