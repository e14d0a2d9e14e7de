/** @file Shapes that depthwise convolutions are tested on: borders, strides, gaps, channels around the vector width. */
import type { Shape } from "../../tensor/shape.ts";
import type { AxisPadding, WindowParameters } from "../window.ts";
import { windowedCases, type WindowedSizes } from "./windowed-cases.ts";

type Sizes = WindowedSizes<WindowParameters>;

function sizes(
  input: Shape,
  window: readonly number[],
  padding: readonly AxisPadding[] = window.map((): AxisPadding => [0, 0]),
  strides: readonly number[] = window.map(() => 1),
  dilations: readonly number[] = window.map(() => 1),
): Sizes {
  const filter = [...window, input[input.length - 1]];
  return { input, filter, parameters: { strides, padding, dilations } };
}

/** [before, after] on both axes. */
function around(...pairs: AxisPadding[]): readonly AxisPadding[] {
  return pairs;
}

const SIZES: readonly Sizes[] = [
  sizes([2, 5, 9, 4], [3, 3], around([1, 1], [1, 1])),
  sizes([1, 6, 15, 3], [3, 3], around([1, 1], [1, 1])),
  sizes([1, 7, 8, 6], [3, 3], around([0, 1], [1, 1]), [2, 2]),
  sizes([2, 7, 9, 17], [3, 2], around([2, 2], [1, 0]), [1, 2], [2, 1]),
  sizes([1, 4, 5, 1], [2, 2], around([0, 0], [0, 0]), [3, 3]),
  sizes([1, 2, 3, 5], [5, 5], around([2, 2], [2, 2])),
  sizes([3, 1, 1, 4], [3, 3], around([1, 1], [1, 1])),
  sizes([1, 9, 7, 2], [3, 3], around([1, 2], [3, 0]), [2, 3], [2, 2]),
  sizes([1, 3, 4, 32], [1, 7], around([0, 0], [3, 3])),
  sizes([18, 3, 3, 4], [2, 2]),
  // Windows that lie in the padding altogether.
  sizes([1, 2, 2, 3], [2, 2], around([3, 2], [2, 3])),
  sizes([2, 9, 3], [4], [[3, 0]]),
  sizes([1, 31, 16], [12], [[5, 6]], [2]),
  sizes([2, 13, 1], [3], [[4, 0]], [1], [2]),
];

export const {
  products: depthwiseCases,
  transposed: depthwiseTransposedCases,
  filterGradients: depthwiseFilterCases,
} = windowedCases(SIZES, ({ input }) => input[input.length - 1]);
