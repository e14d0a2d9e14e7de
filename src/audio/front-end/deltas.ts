/** @file Time derivatives of features by Savitzky-Golay filters, as librosa.feature.delta has them. */
import { AuricleError } from "../../errors.ts";
import { constantTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { concat } from "../../ops/concat.ts";
import { depthwiseConv1d } from "../../ops/depthwise.ts";
import { expandDims } from "../../ops/reshape-axes.ts";
import { reshape } from "../../ops/reshape.ts";
import { slice } from "../../ops/slice-and-pad.ts";
import { broadcastTo } from "../../ops/sum.ts";
import { floatArray } from "../../tensor/array.ts";
import type { DeltaConfig } from "./config.ts";
import { shownValue } from "../../shown-value.ts";

/**
 * The weights of `width` neighbouring values that give, at the middle one, the derivative of the polynomial of that degree
 * fitted to them by least squares (Savitzky and Golay 1964). With k = -h … h:
 * order 1: k / Σ k². order 2: 2 p / Σ p², p = k² - mean(k²).
 */
export function savitzkyGolay(width: number, order: 1 | 2): Float64Array {
  const half = (width - 1) / 2;
  const positions = Float64Array.from({ length: width }, (_, i) => i - half);
  const meanSquare = positions.reduce((sum, k) => sum + k * k, 0) / width;
  const polynomial = order === 1 ? positions : positions.map((k) => k * k - meanSquare);
  const norm = polynomial.reduce((sum, p) => sum + p * p, 0);
  return polynomial.map((p) => (order * p) / norm);
}

/** Derivatives `[N, T - width + 1, F, order]` of features `[N, T, F]`, where all neighbours exist. */
export function innerDerivatives(features: Tensor, { order, width }: DeltaConfig): Tensor {
  const [batch, frames, bins] = features.shape;
  const filters = Array.from({ length: order }, (_, i) => savitzkyGolay(width, i === 0 ? 1 : 2));
  const taps = Float32Array.from({ length: width * bins * order }, (_, i) => {
    return filters[i % order][Math.floor(i / (bins * order))];
  });
  const filter = constantTensor(floatArray(taps, [width, bins, order]));
  return reshape(depthwiseConv1d(features, filter), [batch, frames - width + 1, bins, order]);
}

/**
 * Features `[N, T, F]` and their derivatives as channels, `[N, T, F, 1 + order]`. At the edges, "interp" repeats the
 * outermost derivative that has all neighbours: a polynomial's highest derivative is the same everywhere. "nearest" repeats
 * the outermost frame.
 */
export function withDeltas(features: Tensor, config: DeltaConfig): Tensor {
  const half = (config.width - 1) / 2;
  const derivatives =
    config.mode === "interp"
      ? repeatEdges(innerDerivatives(features, config), half)
      : innerDerivatives(repeatEdges(features, half), config);
  return concat([expandDims(features, 3), derivatives], 3);
}

/** Repeats the first and the last entry of axis 1. */
function repeatEdges(x: Tensor, times: number): Tensor {
  const [batch, length, ...rest] = x.shape;
  const edge = (at: number) => {
    const origin = x.shape.map((_, axis) => (axis === 1 ? at : 0));
    return broadcastTo(slice(x, origin, [batch, 1, ...rest]), [batch, times, ...rest]);
  };
  return concat([edge(0), x, edge(length - 1)], 1);
}

/** @throws AuricleError "shape" where there are too few frames for a derivative. */
export function checkDeltaFrames(frames: number, { width, mode }: DeltaConfig): void {
  if (mode === "nearest" || frames >= width) return;
  throw new AuricleError(
    "shape",
    `front end: deltas over ${width} frames need at least as many; got ${shownValue(frames)}; use a longer clip or mode "nearest"`,
  );
}
