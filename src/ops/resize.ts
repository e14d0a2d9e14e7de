/** @file Resizing images and sequences: along one axis after the other, as a filter bank with few weights. */
import { AuricleError } from "../errors.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { BandFilter } from "../kernels/fourier/band-sums.ts";
import { checkOptions, type OptionNames } from "../options.ts";
import { formatShape, sizeOf } from "../tensor/shape.ts";
import { axisFilterBank } from "./axis-filter-bank.ts";
import { FilterBank } from "./filter-bank.ts";
import { repeat } from "./repeat.ts";
import { perAxis } from "./window.ts";
import { shownValue } from "../shown-value.ts";

export const INTERPOLATIONS = ["nearest", "bilinear"] as const;
export type Interpolation = (typeof INTERPOLATIONS)[number];

export interface ResizeOptions {
  /** Default "bilinear". */
  readonly interpolation?: Interpolation;
  /**
   * Average over all the input that a smaller output covers, by a triangle as wide as two of its elements. Without it
   * bilinear reads two neighbours however far apart outputs lie, and fine detail becomes false coarse detail. Default false.
   */
  readonly antialias?: boolean;
}

const OPTIONS: OptionNames<ResizeOptions> = { interpolation: true, antialias: true };

/** How one axis is resized: a bank from `from` bins to `to` bands. Outputs have their centres at (j + 1/2)·from / to - 1/2. */
function bankOf(from: number, to: number, { interpolation, antialias }: Required<ResizeOptions>): FilterBank {
  const filterOf = interpolation === "nearest" ? nearest : antialias ? triangle : neighbours;
  const widest = interpolation === "nearest" ? 1 : antialias ? Math.ceil(2 * Math.max(1, from / to)) : 2;
  return new FilterBank(from, { bands: to, widest, filterOf: (j) => filterOf(j, from, to) });
}

/** Element ⌊(j + 1/2)·from / to⌋, in whole numbers. */
function nearest(j: number, from: number, to: number): BandFilter {
  return { firstBin: Math.floor(((2 * j + 1) * from) / (2 * to)), weights: Float32Array.of(1) };
}

/** The two elements around the centre, which the first or last stands for beyond the ends. */
function neighbours(j: number, from: number, to: number): BandFilter {
  const center = ((2 * j + 1) * from - to) / (2 * to);
  const clamped = Math.min(Math.max(center, 0), from - 1);
  const firstBin = Math.floor(clamped);
  const share = clamped - firstBin;
  return { firstBin, weights: share === 0 ? Float32Array.of(1) : Float32Array.of(1 - share, share) };
}

/** All elements below a triangle of half width max(1, from / to) about the centre, with weights that add up to 1. */
function triangle(j: number, from: number, to: number): BandFilter {
  const width = Math.max(1, from / to);
  const center = ((2 * j + 1) * from - to) / (2 * to);
  const firstBin = Math.max(0, Math.floor(center - width) + 1);
  const last = Math.min(from - 1, Math.ceil(center + width) - 1);
  const heights = Array.from(
    { length: last - firstBin + 1 },
    (_, i) => 1 - Math.abs(firstBin + i - center) / width,
  );
  const total = heights.reduce((sum, height) => sum + height, 0);
  return { firstBin, weights: Float32Array.from(heights, (height) => height / total) };
}

/**
 * Resizes all axes between the first and the last: `[N, T, C]` to `[N, size, C]`, `[N, H, W, C]` to `[N, ...size, C]`. Centres
 * of elements are at half pixels and the ends are repeated beyond, as in TensorFlow's and Keras' `resize` and in PyTorch with
 * `align_corners=False`; "nearest" takes element ⌊(j + 1/2)·from / to⌋, PyTorch's "nearest-exact".
 *
 * @param size the new length of each of these axes, or one number for all
 * @throws AuricleError "shape" when there is no such axis or one is empty; "argument" for sizes that are no positive integers,
 *   an unknown interpolation, or `antialias` with "nearest".
 */
export function resize(x: Tensor, size: number | readonly number[], options: ResizeOptions = {}): Tensor {
  checkOptions("resize", options, OPTIONS, "x, size, ");
  const { interpolation = "bilinear", antialias = false } = options;
  const axes = x.shape.length - 2;
  const spatial = x.shape.slice(1, -1);
  if (axes < 1 || sizeOf(spatial) === 0) {
    throw new AuricleError(
      "shape",
      `resize: the input must be [N, T, C] or [N, H, W, C] with no empty axis to resize; got ${formatShape(x.shape)}`,
    );
  }
  if (!INTERPOLATIONS.includes(interpolation)) {
    throw new AuricleError(
      "argument",
      `resize: interpolation must be one of ${INTERPOLATIONS.join(", ")}; got ${shownValue(interpolation)}`,
    );
  }
  if (antialias && interpolation === "nearest") {
    throw new AuricleError("argument", 'resize: antialias is for "bilinear"; "nearest" reads one element');
  }
  const sizes = perAxis(size, axes, "size", "resize");
  if (interpolation === "nearest" && sizes.every((to, i) => to % spatial[i] === 0)) {
    return repeat(x, [1, ...sizes.map((to, i) => to / spatial[i]), 1]);
  }
  // What shrinks most comes first: the others then have less to do.
  const order = spatial.map((_, i) => i).sort((a, b) => sizes[a] / spatial[a] - sizes[b] / spatial[b]);
  return order
    .filter((i) => sizes[i] !== spatial[i])
    .reduce(
      (tensor, i) =>
        axisFilterBank(tensor, bankOf(spatial[i], sizes[i], { interpolation, antialias }), i + 1),
      x,
    );
}
