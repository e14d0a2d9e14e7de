/** @file The size and form of a data set's pictures, chosen from the data. Browser-safe. */

import type { ImageHeader } from "../../../image/image.ts";
import { WHITE } from "../../../image/resize/resize-image.ts";
import type { PixelFormat } from "./messages.ts";

/** Pictures are at most this wide and high unless told otherwise: what trains in minutes on a processor. */
const LONGEST_SIDE = 96;
/** Sizes above this are rounded to multiples of 8, so that they can be halved three times. */
const ROUNDED_ABOVE = 40;
const MULTIPLE = 8;
/** Between 3 : 4 and 4 : 3 pictures are taken for square. */
const NEARLY_SQUARE = 4 / 3 + 1e-9;

/** The form of a picture before it is decoded. */
export type PictureForm = Pick<ImageHeader, "width" | "height" | "orientation" | "channels">;

/** The requested size and form; the rest is chosen from the data. */
export type PixelFormatOptions = Partial<PixelFormat>;

/**
 * The form of all pictures of a data set. Its sides are the medians of the upright pictures' widths and heights, shrunk in the
 * same proportion until none is longer than 96, and above 40 rounded to multiples of 8; nearly square ones (up to 4 : 3)
 * become square, with the shorter median as the side. One side that is given determines the other by the same proportion.
 * Grey only if every picture is.
 */
export function choosePixelFormat(headers: readonly PictureForm[], options: PixelFormatOptions): PixelFormat {
  const sides = headers.map(({ width, height, orientation }) =>
    orientation > 4 ? [height, width] : [width, height],
  );
  const width = median(sides.map(([x]) => x));
  const height = median(sides.map(([, y]) => y));
  const isSquare = Math.max(width / height, height / width) <= NEARLY_SQUARE;
  const [shapeX, shapeY] = isSquare ? [1, 1] : [width, height];
  const short = Math.min(width, height);
  const [fullX, fullY] = isSquare ? [short, short] : [width, height];
  const scale = Math.min(1, LONGEST_SIDE / Math.max(fullX, fullY));
  const given = { width: options.width, height: options.height };
  const chosenX = given.height === undefined ? fullX * scale : (given.height * shapeX) / shapeY;
  const chosenY = given.width === undefined ? fullY * scale : (given.width * shapeY) / shapeX;
  const isGrey = headers.length > 0 && headers.every(({ channels }) => channels === 1);
  return {
    width: given.width ?? rounded(chosenX),
    height: given.height ?? rounded(chosenY),
    channels: options.channels ?? (isGrey ? 1 : 3),
    fit: options.fit ?? "crop",
    background: options.background ?? WHITE,
  };
}

/** Everything that the pixels depend on, as text. */
export function formatKey({ width, height, channels, fit, background }: PixelFormat): string {
  return JSON.stringify([width, height, channels, fit, background]);
}

export function pixelCount({ width, height, channels }: PixelFormat): number {
  return width * height * channels;
}

function rounded(side: number): number {
  if (side <= ROUNDED_ABOVE) return Math.max(1, Math.round(side));
  return Math.max(MULTIPLE, Math.round(side / MULTIPLE) * MULTIPLE);
}

/** The lower of the two in the middle; 96 without any. */
function median(values: readonly number[]): number {
  if (values.length === 0) return LONGEST_SIDE;
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];
}
