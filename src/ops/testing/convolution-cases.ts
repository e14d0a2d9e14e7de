/** @file Shapes that convolutions are tested on: odd sizes, size 1, gaps, groups, channels around the vector width. */
import type { Shape } from "../../tensor/shape.ts";
import type { ConvolutionParameters } from "../convolution.ts";
import { windowedCases, type WindowedSizes } from "./windowed-cases.ts";

type Sizes = WindowedSizes<ConvolutionParameters>;

function sizes(input: Shape, filter: Shape, options: Partial<ConvolutionParameters> = {}): Sizes {
  const axes = input.length - 2;
  return {
    input,
    filter,
    parameters: {
      strides: new Array<number>(axes).fill(1),
      padding: new Array<[number, number]>(axes).fill([0, 0]),
      dilations: new Array<number>(axes).fill(1),
      groups: 1,
      ...options,
    },
  };
}

const SIZES: readonly Sizes[] = [
  sizes([2, 5, 6, 3], [3, 3, 3, 5], {
    padding: [
      [1, 1],
      [1, 1],
    ],
  }),
  sizes([1, 4, 4, 1], [2, 2, 1, 1]),
  sizes([2, 7, 5, 2], [3, 2, 2, 9], {
    strides: [2, 2],
    padding: [
      [1, 1],
      [0, 1],
    ],
  }),
  sizes([1, 8, 7, 4], [3, 3, 4, 8], {
    dilations: [2, 2],
    padding: [
      [2, 2],
      [2, 1],
    ],
  }),
  sizes([1, 3, 9, 6], [1, 3, 3, 4], {
    groups: 2,
    padding: [
      [0, 0],
      [1, 1],
    ],
  }),
  sizes([2, 4, 4, 3], [2, 2, 1, 6], { groups: 3, strides: [1, 2] }),
  sizes([1, 5, 5, 1], [1, 1, 1, 7], { strides: [3, 3] }),
  sizes([3, 1, 1, 17], [1, 1, 17, 2]),
  sizes([1, 6, 13, 8], [5, 5, 8, 16], {
    padding: [
      [2, 2],
      [2, 2],
    ],
  }),
  // Large enough for Winograd's algorithm, with tiles beyond the edge and inside it.
  sizes([2, 16, 15, 9], [3, 3, 9, 11], {
    padding: [
      [1, 1],
      [1, 1],
    ],
  }),
  sizes([1, 22, 26, 8], [3, 3, 8, 8]),
  sizes([2, 9, 11, 12], [5, 5, 12, 20], {
    padding: [
      [2, 2],
      [1, 2],
    ],
  }),
  sizes([1, 16, 17, 13], [4, 4, 13, 16]),
  // Small images with some channels: the filter gradient goes through all images at once.
  sizes([3, 5, 4, 13], [3, 3, 13, 17], {
    strides: [2, 1],
    padding: [
      [1, 1],
      [2, 1],
    ],
  }),
  sizes([2, 6, 7, 12], [3, 2, 12, 33], {
    strides: [1, 2],
    dilations: [2, 3],
    padding: [
      [3, 2],
      [-1, 4],
    ],
  }),
  sizes([2, 9, 3], [4, 3, 5], { strides: [3], padding: [[3, 0]] }),
  sizes([1, 11, 1], [5, 1, 8], { dilations: [2], padding: [[8, 0]] }),
  sizes([2, 70, 2], [7, 2, 3], { strides: [4], padding: [[2, 2]] }),
  // Few outputs: vectors of positions.
  sizes([2, 5, 6, 1], [3, 3, 1, 4], {
    padding: [
      [1, 1],
      [2, 0],
    ],
  }),
  sizes([1, 9, 1, 2], [3, 1, 2, 1], {
    padding: [
      [1, 1],
      [0, 0],
    ],
  }),
  sizes([1, 4, 7, 9], [2, 3, 9, 2], {
    dilations: [1, 2],
    padding: [
      [-1, 1],
      [4, -1],
    ],
  }),
  sizes([2, 37, 1], [5, 1, 6], { padding: [[2, 2]] }),
];

export const {
  products: convolutionCases,
  transposed: transposedCases,
  filterGradients: filterGradientCases,
} = windowedCases(SIZES, ({ filter }) => filter[filter.length - 1]);
