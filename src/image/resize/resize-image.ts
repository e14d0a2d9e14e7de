/** @file Pictures of another size. Browser-safe. */

import { AuricleError } from "../../errors.ts";
import { checkOptions, type OptionNames } from "../../options.ts";
import type { Image } from "../image.ts";
import { greyOf, withChannels, type Rgb } from "./colors.ts";
import { resample, type Span } from "./resample.ts";
import { shownValue } from "../../shown-value.ts";

/**
 * How a picture of another shape fits: "crop" fills the result and cuts off what sticks out, the same on both sides; "pad"
 * keeps all of the picture, with background on both sides; "stretch" changes its shape.
 */
export const FIT_MODES = ["crop", "pad", "stretch"] as const;
export type FitMode = (typeof FIT_MODES)[number];

export interface ResizeImageOptions {
  readonly width: number;
  readonly height: number;
  /** Default "crop". */
  readonly fit?: FitMode;
  /** 1 for grey, 3 for RGB. Default: as the picture has them, without alpha. */
  readonly channels?: 1 | 3;
  /** Behind transparent pixels and beside a padded picture: RGB, 0 … 255. Default white. */
  readonly background?: Rgb;
}

const OPTIONS: OptionNames<ResizeImageOptions> = {
  width: true,
  height: true,
  fit: true,
  channels: true,
  background: true,
};

export const WHITE: Rgb = [255, 255, 255];

/**
 * The picture in another size, without alpha: laid on the background, then grey if asked for, then resampled. Averages where
 * it shrinks and interpolates where it grows, along rows and then along columns: the same bytes as Pillow's `ImageOps.fit`,
 * `ImageOps.contain` and `resize` with `BILINEAR`, where these take the rows first (they take the columns first for pictures
 * that become very flat).
 * @throws AuricleError "argument" for sizes that are no whole numbers from 1, and other options out of range.
 */
export function resizeImage(image: Image, options: ResizeImageOptions): Image & { readonly channels: 1 | 3 } {
  checkResize(options);
  const { width, height, fit = "crop", background = WHITE } = options;
  const { channels = image.channels === 1 ? 1 : 3 } = options;
  const solid = withChannels(image, channels, background);
  if (fit !== "pad") return { ...resized(solid, ...spans(image, width, height, fit)), channels };
  const [innerWidth, innerHeight] = containedSize(image, width, height);
  const inner = resized(solid, whole(image.width, innerWidth), whole(image.height, innerHeight));
  return { ...padded(inner, width, height, channels, background), channels };
}

/** @throws AuricleError "argument" as {@link resizeImage}. */
export function checkResize(options: ResizeImageOptions): void {
  checkOptions("resizeImage", options, OPTIONS, "image, ");
  const { width, height, fit = "crop", channels, background = WHITE } = options;
  for (const [name, size] of Object.entries({ width, height })) {
    if (!Number.isInteger(size) || size < 1 || size > 2 ** 16) {
      throw refused(name, "a whole number from 1 to 65536", size);
    }
  }
  if (!FIT_MODES.includes(fit)) throw refused("fit", '"crop", "pad" or "stretch"', fit);
  if (channels !== undefined && channels !== 1 && channels !== 3)
    throw refused("channels", "1 or 3", channels);
  const isColor =
    background.length === 3 && background.every((x) => Number.isInteger(x) && x >= 0 && x <= 255);
  if (!isColor) throw refused("background", "three whole numbers from 0 to 255", background);
}

function refused(name: string, wanted: string, came: unknown): AuricleError {
  return new AuricleError("argument", `resizeImage: ${name} must be ${wanted}; got ${shownValue(came)}`);
}

function whole(length: number, size: number): Span {
  return { from: 0, to: length, size };
}

/** The part of the picture that fills the result. */
function spans(image: Image, width: number, height: number, fit: "crop" | "stretch"): [Span, Span] {
  const across = whole(image.width, width);
  const down = whole(image.height, height);
  const ratio = width / height;
  const imageRatio = image.width / image.height;
  if (fit === "stretch" || imageRatio === ratio) return [across, down];
  if (imageRatio > ratio) return [middle(image.width, ratio * image.height, width), down];
  return [across, middle(image.height, image.width / ratio, height)];
}

function middle(length: number, kept: number, size: number): Span {
  const from = (length - kept) * 0.5;
  // Pillow keeps a part's borders in single precision.
  return { from: Math.fround(from), to: Math.fround(from + kept), size };
}

/** The largest size of the picture's shape, at least 1 × 1, within the result. */
function containedSize(image: Image, width: number, height: number): [number, number] {
  if (image.width / image.height > width / height) {
    return [width, Math.max(1, Math.round((image.height / image.width) * width))];
  }
  return [Math.max(1, Math.round((image.width / image.height) * height)), height];
}

function resized(image: Image, across: Span, down: Span): Image {
  const data = resample(image, across, down);
  return { width: across.size, height: down.size, channels: image.channels, data };
}

function padded(inner: Image, width: number, height: number, channels: 1 | 3, background: Rgb): Image {
  const data = new Uint8Array(width * height * channels);
  const fill = channels === 1 ? [greyOf(...background)] : background;
  for (let i = 0; i < data.length; i++) data[i] = fill[i % channels];
  const left = Math.floor((width - inner.width) / 2);
  const top = Math.floor((height - inner.height) / 2);
  const rowLength = inner.width * channels;
  for (let y = 0; y < inner.height; y++) {
    const row = inner.data.subarray(y * rowLength, (y + 1) * rowLength);
    data.set(row, ((top + y) * width + left) * channels);
  }
  return { width, height, channels, data };
}
