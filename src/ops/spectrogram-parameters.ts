/** @file The spectrogram's parameters: their checks, and the shapes that follow from them. */
import { AuricleError } from "../errors.ts";
import type { FrameGeometry } from "../kernels/fourier/geometry.ts";
import type { TransformResult } from "../kernels/fourier/real-transform.ts";
import { isTransformSize, TRANSFORM_SIZES } from "../kernels/fourier/transform-plan.ts";
import { formatShape, sizeOf, type Shape } from "../tensor/shape.ts";
import type { FilterBank } from "./filter-bank.ts";

export type SpectrogramOutput = TransformResult;

/** Resolved; `padding` is the number of samples put before the first and after the last one. */
export interface SpectrogramParameters {
  readonly fftSize: number;
  readonly hopLength: number;
  readonly padding: number;
  readonly padMode: "constant" | "reflect";
  readonly output: SpectrogramOutput;
  /** fftSize weights. */
  readonly window: Float64Array;
  readonly filters?: FilterBank;
}

function frameCount(samples: number, { fftSize, hopLength, padding }: SpectrogramParameters): number {
  return 1 + Math.floor((samples + 2 * padding - fftSize) / hopLength);
}

/** Sizes of the frames of a waveform [batch, samples]. */
export function geometryOf([batch, samples]: Shape, parameters: SpectrogramParameters): FrameGeometry {
  const { fftSize, hopLength, padding, padMode } = parameters;
  const frames = frameCount(samples, parameters);
  return { batch, samples, frames, fftSize, hopLength, padding, padMode };
}

function checkParameters({ fftSize, hopLength, output, window, filters }: SpectrogramParameters): void {
  const fail = (problem: string) => {
    throw new AuricleError("argument", `spectrogram: ${problem}`);
  };
  if (!isTransformSize(fftSize)) {
    fail(
      `fftSize must be ${TRANSFORM_SIZES}; got ${fftSize}; a shorter window can be padded with zeros to such a size`,
    );
  }
  if (!Number.isInteger(hopLength) || hopLength < 1) {
    fail(`hopLength must be a whole number of samples, at least 1; got ${hopLength}`);
  }
  if (window.length !== fftSize) {
    fail(
      `the window must have fftSize = ${fftSize} weights; got ${window.length}; pad a shorter one with zeros on both sides`,
    );
  }
  if (!filters) return;
  if (output === "complex") fail("filters sum magnitudes or powers; with them output cannot be complex");
  if (filters.bins !== fftSize / 2 + 1 || filters.bands === 0) {
    fail(
      `filters must have bands over fftSize / 2 + 1 = ${fftSize / 2 + 1} bins; got ${filters.bands} bands over ${filters.bins} bins`,
    );
  }
}

/** The result's shape. @throws AuricleError "argument" or "shape" */
export function checkedShape(input: Shape, parameters: SpectrogramParameters): number[] {
  checkParameters(parameters);
  const { fftSize, padding, padMode, output, filters } = parameters;
  const [batch, samples] = input;
  if (input.length !== 2 || sizeOf(input) === 0) {
    throw new AuricleError(
      "shape",
      `spectrogram: the waveform must be [batch, samples] or [batch, samples, 1], not empty; got ${formatShape(input)}`,
    );
  }
  if (padMode === "reflect" && samples <= padding) {
    throw new AuricleError(
      "shape",
      `spectrogram: reflecting ${padding} samples at both ends needs at least ${padding + 1} samples; got ${formatShape(input)}; pad with zeros (padMode "constant") or use a smaller fftSize`,
    );
  }
  const frames = frameCount(samples, parameters);
  if (frames < 1) {
    throw new AuricleError(
      "shape",
      `spectrogram: one frame needs ${fftSize} samples; got ${formatShape(input)}; use center, a smaller fftSize or a longer waveform`,
    );
  }
  const bins = fftSize / 2 + 1;
  return output === "complex" ? [batch, frames, bins, 2] : [batch, frames, filters?.bands ?? bins];
}
