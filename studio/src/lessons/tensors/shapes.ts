/** @file The shapes of data as tensors, where an element stands, and what it means. */
import { framesOf } from "../../figures/tile-plan.ts";

export type Form = "waveform" | "magnitude" | "complex" | "picture";

export interface AxisOfTensor {
  /** "N", "T", "F", "C", "H", "W" */
  readonly name: string;
  readonly size: number;
  /** The things that are counted along it. */
  readonly counts: string;
}

/** The axes of a batch of sounds. */
export function soundAxes(
  form: Exclude<Form, "picture">,
  {
    examples,
    samples,
    fftSize,
    hop,
    channels = 1,
  }: {
    readonly examples: number;
    readonly samples: number;
    readonly fftSize: number;
    readonly hop: number;
    /** The number of a waveform's channels; a single one has no axis. Default 1. */
    readonly channels?: number;
  },
): readonly AxisOfTensor[] {
  const batch = { name: "N", size: examples, counts: examples === 1 ? "example" : "examples" };
  if (form === "waveform") {
    const time = { name: "T", size: samples, counts: "samples" };
    if (channels === 1) return [batch, time];
    return [batch, time, { name: "C", size: channels, counts: channels === 2 ? "left, right" : "channels" }];
  }
  const frames = { name: "T", size: framesOf(samples, hop), counts: "frames" };
  const bins = { name: "F", size: fftSize / 2 + 1, counts: "bins" };
  if (form === "magnitude") return [batch, frames, bins];
  return [batch, frames, bins, { name: "C", size: 2, counts: "real, imaginary" }];
}

export function pictureAxes(height: number, width: number, channels: number): readonly AxisOfTensor[] {
  return [
    { name: "N", size: 1, counts: "example" },
    { name: "H", size: height, counts: "rows" },
    { name: "W", size: width, counts: "columns" },
    { name: "C", size: channels, counts: channels === 3 ? "red, green, blue" : "grey" },
  ];
}

/** The place in memory of an element, row by row: the last index moves fastest. */
export function offsetOf(axes: readonly AxisOfTensor[], index: readonly number[]): number {
  return axes.reduce((offset, { size }, axis) => offset * size + index[axis], 0);
}

export function elementCount(axes: readonly AxisOfTensor[]): number {
  return axes.reduce((count, { size }) => count * size, 1);
}

/** "[1, 188, 513, 2]" */
export function shapeText(axes: readonly AxisOfTensor[]): string {
  return `[${axes.map(({ size }) => size.toLocaleString("en")).join(", ")}]`;
}
