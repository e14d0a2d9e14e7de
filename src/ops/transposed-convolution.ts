/**
 * @file Transposed convolution in one and two dimensions: the input gradient of a convolution, used as an operation.
 *
 *   y[n, t·stride + k·dilation - before, f] = Σ over t, k, c of x[n, t, c] · filter[k, f, c]
 *
 * Along an axis the whole of it has (length - 1)·stride + (window - 1)·dilation + 1 results; padding takes some away.
 */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape } from "../tensor/shape.ts";
import { transposedConvolutionPrimitive } from "./convolution-input-gradient.ts";
import { checkGroups } from "./convolution.ts";
import { depthwiseTransposedPrimitive } from "./depthwise-input-gradient.ts";
import { isDepthwiseWindow } from "./depthwise.ts";
import { reshape } from "./reshape.ts";
import {
  checkWindows,
  dilatedSize,
  explicitPadding,
  listPerAxis,
  perAxis,
  type AxisPadding,
} from "./window.ts";
import { shownValue } from "../shown-value.ts";

export interface TransposedOptions {
  /** Default 1. */
  readonly strides?: number | readonly number[];
  /**
   * "valid" (default): length·stride + max(window - stride, 0) results, all of them. "same": length·stride; what is left over is
   * cut off on both sides, the odd one at the end (Keras' rules). Or how many are cut off: [before, after], from 0, for each
   * axis (PyTorch's `padding`). The window's length is that with its gaps.
   */
  readonly padding?: "valid" | "same" | readonly (readonly [number, number])[];
  /** Default 1. */
  readonly dilationRate?: number | readonly number[];
  /** Default 1. Group g of the outputs sees group g of the input channels only; of as many as channels, each sees its own. */
  readonly groups?: number;
  /**
   * How much longer the results are at the end, on each axis or all: below the stride or the dilation. With it "valid" gives
   * (length - 1)·stride + window + outputPadding results, "same" (length - 1)·stride + window mod 2 + outputPadding
   * (Keras' rules). Default: as at `padding`, and 0 for explicit padding.
   */
  readonly outputPadding?: number | readonly number[];
}

const OPTIONS: OptionNames<TransposedOptions> = {
  strides: true,
  padding: true,
  dilationRate: true,
  groups: true,
  outputPadding: true,
};

/** One axis of a transposed convolution. */
interface TransposedAxis {
  /** The length of the input. */
  readonly length: number;
  /** With its gaps. */
  readonly window: number;
  readonly stride: number;
  readonly outputPadding: number | undefined;
}

/** The length of the result, and how much of the whole is cut off before and after; below 0, zeros are added. */
function resultOf(
  padding: "valid" | "same" | AxisPadding,
  { length, window, stride, outputPadding }: TransposedAxis,
): { readonly length: number; readonly cut: AxisPadding } {
  const whole = (length - 1) * stride + window;
  const cutTo = (result: number, before: number) => ({
    length: result,
    cut: [before, whole - result - before] as const,
  });
  if (padding === "valid") return cutTo(whole + (outputPadding ?? Math.max(stride - window, 0)), 0);
  if (padding === "same") {
    const result =
      outputPadding === undefined ? length * stride : whole - window + (window % 2) + outputPadding;
    return cutTo(result, Math.floor(Math.max(whole - result, 0) / 2));
  }
  const [before, after] = padding;
  return cutTo(whole - before - after + (outputPadding ?? 0), before);
}

function paddingPerAxis(
  padding: TransposedOptions["padding"] = "valid",
  axes: number,
  where: string,
): readonly ("valid" | "same" | AxisPadding)[] {
  if (padding === "valid" || padding === "same") return new Array<"valid" | "same">(axes).fill(padding);
  if (typeof padding === "string") {
    throw new AuricleError(
      "argument",
      `${where}: padding must be "valid", "same" or [before, after] for each axis; got ${shownValue(padding)}`,
    );
  }
  const pairs = explicitPadding(padding, axes, where);
  if (pairs.flat().every((side) => side >= 0)) return pairs;
  throw new AuricleError(
    "argument",
    `${where}: padding must not be negative; got ${shownValue(padding)}; outputPadding makes results longer`,
  );
}

function checkChannels(input: Tensor, filter: Tensor, groups: number, axes: number, where: string): void {
  const came = `got input ${formatShape(input.shape)}, filter ${formatShape(filter.shape)}`;
  const channels = input.shape[axes + 1];
  if (
    input.shape.length !== axes + 2 ||
    filter.shape.length !== axes + 2 ||
    filter.shape[axes + 1] !== channels
  ) {
    const wanted = axes === 1 ? "[batch, time, channels]" : "[batch, height, width, channels]";
    throw new AuricleError(
      "shape",
      `${where}: input must be ${wanted} and the filter [window…, outputs / groups, inputs] with the input's channels last; ${came}`,
    );
  }
  checkGroups(groups, where);
  if (channels % groups !== 0) {
    throw new AuricleError(
      "shape",
      `${where}: the input's channels must be a multiple of groups; ${came}, groups ${groups}`,
    );
  }
}

function convolveTransposed(input: Tensor, filter: Tensor, axes: number, options: TransposedOptions): Tensor {
  const where = `conv${axes}dTranspose`;
  checkOptions(where, options, OPTIONS, "input, filter, ");
  const { groups = 1 } = options;
  const strides = perAxis(options.strides ?? 1, axes, "strides", where);
  const dilations = perAxis(options.dilationRate ?? 1, axes, "dilationRate", where);
  const outputPadding =
    options.outputPadding === undefined
      ? undefined
      : listPerAxis(
          options.outputPadding,
          axes,
          (extra, axis) =>
            Number.isInteger(extra) && extra >= 0 && extra < Math.max(strides[axis], dilations[axis]),
          () =>
            `${where}: outputPadding must be a whole number from 0, below the stride or the dilation (strides ${JSON.stringify(strides)}, dilationRate ${JSON.stringify(dilations)}),`,
        );
  checkChannels(input, filter, groups, axes, where);
  const window = filter.shape.slice(0, axes);
  const windows = window.map((size, axis) => dilatedSize(size, dilations[axis]));
  const results = paddingPerAxis(options.padding, axes, where).map((padding, axis) =>
    resultOf(padding, {
      length: input.shape[axis + 1],
      window: windows[axis],
      stride: strides[axis],
      outputPadding: outputPadding?.[axis],
    }),
  );
  const lengths = results.map(({ length }) => length);
  lengths.forEach((length, axis) => {
    if (length >= 1) return;
    throw new AuricleError(
      "shape",
      `${where}: padding must leave something of axis ${axis + 1}; got input ${formatShape(input.shape)}, filter ${formatShape(filter.shape)}, padding ${shownValue(options.padding)}: length ${length}`,
    );
  });
  checkWindows(lengths, windows, where);
  const parameters = { strides, padding: results.map(({ cut }) => cut), dilations };
  const [multiplier, channels] = filter.shape.slice(axes);
  const outputShape = [input.shape[0], ...lengths, multiplier * groups];
  if (groups > 1 && groups === channels && multiplier === 1 && isDepthwiseWindow(window)) {
    const filters = reshape(filter, [...window, channels]);
    return depthwiseTransposedPrimitive([input, filters], { ...parameters, outputShape });
  }
  return transposedConvolutionPrimitive([input, filter], { ...parameters, groups, outputShape });
}

/**
 * Transposed 1D convolution of `[N, T, C]` with a filter `[K, F / groups, C]` (Keras' order): `[N, T', F]`.
 * @throws AuricleError "argument", "shape"
 */
export function conv1dTranspose(input: Tensor, filter: Tensor, options: TransposedOptions = {}): Tensor {
  return convolveTransposed(input, filter, 1, options);
}

/**
 * Transposed 2D convolution of `[N, H, W, C]` with a filter `[K, L, F / groups, C]` (Keras' order): `[N, H', W', F]`.
 * @throws AuricleError "argument", "shape"
 */
export function conv2dTranspose(input: Tensor, filter: Tensor, options: TransposedOptions = {}): Tensor {
  return convolveTransposed(input, filter, 2, options);
}
