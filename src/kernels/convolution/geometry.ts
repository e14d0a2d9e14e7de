/** @file The geometry that every convolution kernel receives: sizes and padding, computed once. */

/**
 * A 2D cross-correlation of channels-last images with filters [filterHeight, filterWidth, inputChannels / groups,
 * outputChannels]. 1D convolutions have height 1; a dense layer is a 1×1 filter over a row of examples.
 */
export interface ConvolutionGeometry {
  readonly batch: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly outputChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Rows above and columns left of the input; negative crops. What lies below and right follows from the output's size. */
  readonly padding: readonly [number, number];
  /** The input is spread out: this many steps from one row (column) to the next, zeros between. 1 is dense. */
  readonly inputDilations: readonly [number, number];
  readonly groups: number;
}

/** The outputs that are computed from the same inputs. */
export function outputsOfGroup({ outputChannels, groups }: ConvolutionGeometry): number {
  return outputChannels / groups;
}

/** The same convolution with rows and columns exchanged, in memory too. */
export function exchanged(geometry: ConvolutionGeometry): ConvolutionGeometry {
  const swap = ([rows, columns]: readonly [number, number]) => [columns, rows] as const;
  return {
    ...geometry,
    inputHeight: geometry.inputWidth,
    inputWidth: geometry.inputHeight,
    outputHeight: geometry.outputWidth,
    outputWidth: geometry.outputHeight,
    filterHeight: geometry.filterWidth,
    filterWidth: geometry.filterHeight,
    strides: swap(geometry.strides),
    dilations: swap(geometry.dilations),
    padding: swap(geometry.padding),
    inputDilations: swap(geometry.inputDilations),
  };
}

/** Whether images, filter and results are one column, which lies in memory as a row does. */
export function isOneColumn({
  inputHeight,
  inputWidth,
  outputHeight,
  outputWidth,
  filterWidth,
}: ConvolutionGeometry): boolean {
  return inputHeight + outputHeight > 2 && inputWidth === 1 && outputWidth === 1 && filterWidth === 1;
}

export function multiplyAddsOf(geometry: ConvolutionGeometry): number {
  const { batch, outputHeight, outputWidth, outputChannels, filterHeight, filterWidth } = geometry;
  const perOutput = (filterHeight * filterWidth * geometry.inputChannels) / geometry.groups;
  return batch * outputHeight * outputWidth * outputChannels * perOutput;
}

/** Columns of the padded input that `columns` neighbouring outputs read. */
export function columnsRead(geometry: ConvolutionGeometry, columns: number): number {
  return (columns - 1) * geometry.strides[1] + (geometry.filterWidth - 1) * geometry.dilations[1] + 1;
}

/** Rows of the padded input that `rows` neighbouring outputs read. */
export function rowsRead(geometry: ConvolutionGeometry, rows: number): number {
  return (rows - 1) * geometry.strides[0] + (geometry.filterHeight - 1) * geometry.dilations[0] + 1;
}

/** Whether every output reads inside the input, so that the input can be used where it lies. */
export function readsInside(geometry: ConvolutionGeometry): boolean {
  const { padding, inputDilations, inputHeight, inputWidth, outputHeight, outputWidth } = geometry;
  return (
    padding[0] <= 0 &&
    padding[1] <= 0 &&
    inputDilations[0] === 1 &&
    inputDilations[1] === 1 &&
    rowsRead(geometry, outputHeight) - padding[0] <= inputHeight &&
    columnsRead(geometry, outputWidth) - padding[1] <= inputWidth
  );
}

/** The share of an output's products, in the mean of all outputs, whose input lies inside the image and not in the padding. */
export function insideShare(geometry: ConvolutionGeometry): number {
  const { inputHeight, inputWidth, outputHeight, outputWidth, filterHeight, filterWidth } = geometry;
  const along = (axis: 0 | 1, input: number, output: number, filter: number): number => {
    let inside = 0;
    for (let cell = 0; cell < filter; cell++) {
      const first = cell * geometry.dilations[axis] - geometry.padding[axis];
      const from = Math.max(0, Math.ceil(-first / geometry.strides[axis]));
      const to = Math.min(output, Math.floor((input - 1 - first) / geometry.strides[axis]) + 1);
      inside += Math.max(0, to - from);
    }
    return inside / (filter * output);
  };
  return along(0, inputHeight, outputHeight, filterHeight) * along(1, inputWidth, outputWidth, filterWidth);
}

/**
 * A stretch of consecutive floats that a filter reads for one output, at `offset` floats from the output's first
 * one, given the distance between rows. Without dilation and groups a whole filter row is one run.
 */
export interface Run {
  readonly row: number;
  readonly offset: number;
  readonly length: number;
}

/** The runs of one filter row, in the order of the filter's own memory. */
export function runsOfRow(geometry: ConvolutionGeometry): Run[] {
  const { filterWidth, inputChannels, groups, dilations } = geometry;
  const length = inputChannels / groups;
  if (groups === 1 && (dilations[1] === 1 || filterWidth === 1)) {
    return [{ row: 0, offset: 0, length: filterWidth * length }];
  }
  return Array.from({ length: filterWidth }, (_, column) => ({
    row: 0,
    offset: column * dilations[1] * inputChannels,
    length,
  }));
}

/**
 * Splits `length` into tiles of `size` and a remainder. Tiles of one or two are slow, so with `spread` a small
 * remainder is shared with the last full tile.
 */
export function tileSizes(
  length: number,
  size: number,
  spread: boolean,
): { full: number; rest: readonly number[] } {
  const full = Math.floor(length / size);
  const rest = length % size;
  if (rest === 0) return { full, rest: [] };
  if (!spread || full === 0 || rest >= size - 1) return { full, rest: [rest] };
  const joined = size + rest;
  return { full: full - 1, rest: [Math.ceil(joined / 2), Math.floor(joined / 2)] };
}
