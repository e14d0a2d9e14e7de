/** @file The geometry of sliding windows, shared by convolutions and pooling: one axis at a time. */
import { AuricleError } from "../errors.ts";

/**
 * "valid": only windows that lie inside. "same": ceil(length / stride) outputs; the total padding is shared, the odd
 * one at the end (Keras' rule; PyTorch pads symmetrically, so weights do not transfer with even windows or strides).
 * "causal": all padding before, so that no output sees what comes after it. Or [before, after] for each axis.
 */
export type Padding = "valid" | "same" | "causal" | readonly (readonly [number, number])[];

/** Zeros before and after one axis. */
export type AxisPadding = readonly [number, number];

/** Length of a window with gaps: (size - 1)·dilation + 1. */
export function dilatedSize(size: number, dilation: number): number {
  return (size - 1) * dilation + 1;
}

/** Outputs of a window over one padded axis: floor((length + padding - window) / stride) + 1; may be below 1. */
export function windowCount(length: number, window: number, stride: number, padding: AxisPadding): number {
  return Math.floor((length + padding[0] + padding[1] - window) / stride) + 1;
}

/** Resolves a padding for every axis. @throws AuricleError "argument" */
export function resolvePadding(
  padding: Padding,
  lengths: readonly number[],
  windows: readonly number[],
  strides: readonly number[],
  where: string,
): AxisPadding[] {
  if (typeof padding !== "string") {
    if (padding.length !== lengths.length) {
      throw new AuricleError(
        "argument",
        `${where}: explicit padding needs [before, after] for each of ${lengths.length} axes; got ${JSON.stringify(padding)}`,
      );
    }
    return padding.map(([before, after]) => [before, after]);
  }
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
    }
  });
}

/** A number for every axis, or one number for all of them. @throws AuricleError "argument" unless positive integers. */
export function perAxis(
  value: number | readonly number[],
  axes: number,
  name: string,
  where: string,
): readonly number[] {
  const list = typeof value === "number" ? new Array<number>(axes).fill(value) : value;
  if (list.length !== axes || list.some((entry) => !Number.isInteger(entry) || entry < 1)) {
    throw new AuricleError(
      "argument",
      `${where}: ${name} must be a positive integer or ${axes} of them; got ${JSON.stringify(value)}`,
    );
  }
  return list;
}
