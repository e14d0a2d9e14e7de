/** @file The geometry of sliding windows, shared by convolutions and pooling: one axis at a time. */
import { AuricleError } from "../errors.ts";
import type { Shape } from "../tensor/shape.ts";
import { shownValue } from "../shown-value.ts";

/**
 * "valid": only windows that lie inside. "same": ceil(length / stride) outputs; the total padding is shared, the odd
 * one at the end (Keras' rule; PyTorch pads symmetrically, so weights do not transfer with even windows or strides).
 * "causal": all padding before, so that no output sees what comes after it. Or [before, after] for each axis.
 */
export type Padding = "valid" | "same" | "causal" | readonly (readonly [number, number])[];

/** Zeros before and after one axis. */
export type AxisPadding = readonly [number, number];

/** Resolved: one entry for each spatial axis. */
export interface WindowParameters {
  readonly strides: readonly number[];
  readonly padding: readonly AxisPadding[];
  readonly dilations: readonly number[];
}

/** A list for one axis or two, as numbers for rows and columns: one axis is that of the columns. */
export function rowsAndColumns(list: readonly number[], rows: number): [number, number] {
  return list.length === 2 ? [list[0], list[1]] : [rows, list[0]];
}

/** Length of a window with gaps: (size - 1)·dilation + 1. */
export function dilatedSize(size: number, dilation: number): number {
  return (size - 1) * dilation + 1;
}

/** Outputs of a window over one padded axis: floor((length + padding - window) / stride) + 1; may be below 1. */
export function windowCount(length: number, window: number, stride: number, padding: AxisPadding): number {
  return Math.floor((length + padding[0] + padding[1] - window) / stride) + 1;
}

/**
 * The padding of an axis with which a window counts that reaches past the padded axis, as long as it starts inside the axis or
 * in the padding before it: PyTorch's `ceil_mode`.
 */
export function paddingForLastWindow(
  length: number,
  window: number,
  stride: number,
  [before, after]: AxisPadding,
): AxisPadding {
  const start = Math.ceil((length + before + after - window) / stride) * stride;
  const last = start < length + before ? start : start - stride;
  return [before, Math.max(after, last + window - length - before)];
}

/** How far a window may reach beyond the axis that it slides over, where it is longer than twice that. */
const WIDEST_WINDOW = 2 ** 16;

/**
 * Refuses windows far wider than the axis: they would see little but padding, and take memory and time for it.
 * @throws AuricleError "argument"
 */
export function checkWindows(lengths: readonly number[], windows: readonly number[], where: string): void {
  for (const [axis, length] of lengths.entries()) {
    const window = windows[axis];
    const most = Math.max(2 * length, WIDEST_WINDOW);
    if (window <= most) continue;
    throw new AuricleError(
      "argument",
      `${where}: a window over an axis of length ${length} may be at most ${most} wide; got ${window}`,
    );
  }
}

/** Checks explicit padding: [before, after], whole numbers, for each axis. @throws AuricleError "argument" */
export function explicitPadding(
  padding: readonly (readonly [number, number])[],
  axes: number,
  where: string,
): AxisPadding[] {
  const isPair = (sides: unknown) =>
    Array.isArray(sides) && sides.length === 2 && sides.every((side) => Number.isInteger(side));
  if (!Array.isArray(padding) || padding.length !== axes || !padding.every(isPair)) {
    throw new AuricleError(
      "argument",
      `${where}: explicit padding needs [before, after], whole numbers, for each of ${axes} axes; got ${shownValue(padding)}`,
    );
  }
  return padding.map(([before, after]) => [before, after]);
}

/**
 * Resolves a padding for every axis.
 * @throws AuricleError "argument", also for windows that {@link checkWindows} refuses.
 */
export function resolvePadding(
  padding: Padding,
  lengths: readonly number[],
  windows: readonly number[],
  strides: readonly number[],
  where: string,
): AxisPadding[] {
  checkWindows(lengths, windows, where);
  if (typeof padding !== "string") return explicitPadding(padding, lengths.length, where);
  return lengths.map((length, axis) => {
    const window = windows[axis];
    switch (padding) {
      case "valid":
        return [0, 0];
      case "causal":
        return [window - 1, 0];
      case "same": {
        const outputs = Math.ceil(length / strides[axis]);
        const total = Math.max(0, (outputs - 1) * strides[axis] + window - length);
        const before = Math.floor(total / 2);
        return [before, total - before];
      }
      default:
        throw new AuricleError(
          "argument",
          `${where}: padding must be "valid", "same", "causal" or [before, after] for each axis; got ${shownValue(padding)}`,
        );
    }
  });
}

/** The largest number that the engine counts with. */
export const LARGEST_COUNT = 2 ** 31 - 1;

/** Whether something is an integer in 1 … {@link LARGEST_COUNT}. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= LARGEST_COUNT;
}

/** A number for every axis, or one number for all of them. @throws AuricleError "argument" unless positive integers. */
export function perAxis(
  value: number | readonly number[],
  axes: number,
  name: string,
  where: string,
): readonly number[] {
  return listPerAxis(value, axes, isCount, () => `${where}: ${name} must be a positive integer`);
}

/**
 * Returns a list of numbers, one for every axis, from such a list or from one number for all.
 * @param rule the requirement on a number, with operation and option, for the message
 * @throws AuricleError "argument" unless each one passes `isRight`
 */
export function listPerAxis(
  value: number | readonly number[],
  axes: number,
  isRight: (entry: number, axis: number) => boolean,
  rule: () => string,
): readonly number[] {
  const list = typeof value === "number" ? new Array<number>(axes).fill(value) : value;
  if (Array.isArray(list) && list.length === axes && list.every(isRight)) return list;
  throw new AuricleError("argument", `${rule()} or ${axes} of them; got ${shownValue(value)}`);
}

/** Windows over images; a waveform is an image of one row. */
export interface WindowGeometry {
  readonly batch: number;
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** Zeros before the first row and column. */
  readonly padding: readonly [number, number];
}

export function windowGeometry(
  input: Shape,
  window: readonly number[],
  output: Shape,
  { strides, padding, dilations }: WindowParameters,
): WindowGeometry {
  const [inputHeight, inputWidth] = rowsAndColumns(input.slice(1, -1), 1);
  const [outputHeight, outputWidth] = rowsAndColumns(output.slice(1, -1), 1);
  const before = padding.map(([zeros]) => zeros);
  return {
    batch: input[0],
    inputHeight,
    inputWidth,
    outputHeight,
    outputWidth,
    window: rowsAndColumns(window, 1),
    strides: rowsAndColumns(strides, 1),
    dilations: rowsAndColumns(dilations, 1),
    padding: rowsAndColumns(before, 0),
  };
}

/** Calls `visit` for every cell of every window that lies in the input: the numbers of input pixel, cell and output pixel. */
export function forEachCell(
  g: WindowGeometry,
  visit: (input: number, cell: number, output: number) => void,
): void {
  for (let n = 0; n < g.batch; n++)
    for (let row = 0; row < g.outputHeight; row++)
      for (let column = 0; column < g.outputWidth; column++)
        for (let i = 0; i < g.window[0]; i++)
          for (let j = 0; j < g.window[1]; j++) {
            const y = row * g.strides[0] + i * g.dilations[0] - g.padding[0];
            const x = column * g.strides[1] + j * g.dilations[1] - g.padding[1];
            if (y < 0 || y >= g.inputHeight || x < 0 || x >= g.inputWidth) continue;
            visit(
              (n * g.inputHeight + y) * g.inputWidth + x,
              i * g.window[1] + j,
              (n * g.outputHeight + row) * g.outputWidth + column,
            );
          }
}

/**
 * The lengths of the result's spatial axes.
 * @param came the shapes, for the message
 * @throws AuricleError "shape" when a window does not fit into the padded input, or has no length.
 */
export function windowCounts(
  where: string,
  came: string,
  lengths: readonly number[],
  window: readonly number[],
  { strides, padding, dilations }: WindowParameters,
): number[] {
  return lengths.map((length, axis) => {
    const count = windowCount(
      length,
      dilatedSize(window[axis], dilations[axis]),
      strides[axis],
      padding[axis],
    );
    if (count >= 1 && window[axis] >= 1) return count;
    throw new AuricleError(
      "shape",
      `${where}: the window must fit into the padded input, and have a length, on axis ${axis + 1}; ${came}, padding ${JSON.stringify(padding[axis])}; use padding "same", a smaller window or a longer input`,
    );
  });
}

export interface WindowOptions {
  /** Default 1. */
  readonly strides?: number | readonly number[];
  /** Default "valid"; "causal" in one dimension only. */
  readonly padding?: Padding;
  /** Default 1. */
  readonly dilationRate?: number | readonly number[];
}

/** The options with an entry for each spatial axis of `lengths`. @throws AuricleError "argument" for options that do not fit. */
export function windowParameters(
  where: string,
  lengths: readonly number[],
  window: readonly number[],
  options: WindowOptions,
): WindowParameters {
  const axes = lengths.length;
  const strides = perAxis(options.strides ?? 1, axes, "strides", where);
  const dilations = perAxis(options.dilationRate ?? 1, axes, "dilationRate", where);
  if (options.padding === "causal" && axes !== 1) {
    throw new AuricleError(
      "argument",
      `${where}: padding "causal" is for one dimension; use "same" or "valid"`,
    );
  }
  const windows = dilations.map((dilation, axis) => dilatedSize(window[axis], dilation));
  const padding = resolvePadding(options.padding ?? "valid", lengths, windows, strides, where);
  return { strides, padding, dilations };
}
