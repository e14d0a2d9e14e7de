/** @file A layer's channels side by side as one picture. Browser-safe. */

import type { FloatArray } from "../../tensor/array.ts";
import { DIVERGING_COLORS, MAGMA_COLORS, type Rgb } from "../../design/colors.ts";
import { blank, drawPicture, fillRectangle, type RgbPicture } from "./canvas.ts";

/** Channels at most. */
const MOST_SHOWN = 64;

/** Values along an axis of one channel's picture at most: of those that fall on a pixel the greatest magnitude is drawn. */
const LARGEST = 160;

/** About the width of a sheet. */
const SHEET_WIDTH = 960;

const GAP = 4;
const GAP_COLOR: Rgb = [128, 128, 128];

export interface ChannelSheet {
  readonly picture: RgbPicture;
  readonly shown: number;
}

/**
 * Draws feature maps, each with its own scale: outputs that are nowhere negative from black to light yellow, others from blue over
 * white to red.
 * @param values `[T, C]`: one row for each channel; `[H, W, C]`: one picture for each; `[C]`: one row of all
 * @param upwards whether the first axis runs from left to right and the second upwards, as of time and frequency
 */
export function channelSheet({ shape, data }: FloatArray, upwards: boolean): ChannelSheet {
  const axes = shape.slice(0, -1);
  const channels = shape[shape.length - 1];
  if (axes.length === 0) {
    const row = pictureOf({ width: channels, height: 1 }, (x) => data[x], Math.ceil(channels / SHEET_WIDTH));
    return { picture: enlarged(row, Math.max(1, Math.floor(SHEET_WIDTH / row.width)), 24), shown: channels };
  }
  const [first, second = 1] = axes;
  const isWide = upwards || axes.length === 1;
  const [width, height] = isWide ? [first, second] : [second, first];
  const at = (x: number, y: number, channel: number) => {
    const [i, j] = isWide ? [x, second - 1 - y] : [y, x];
    return data[(i * second + j) * channels + channel];
  };
  const shown = Math.min(channels, MOST_SHOWN);
  const most = axes.length === 1 ? SHEET_WIDTH : LARGEST;
  const step = Math.ceil(Math.max(width, height) / most);
  const tiles = Array.from({ length: shown }, (_, channel) =>
    pictureOf({ width, height }, (x, y) => at(x, y, channel), step),
  );
  if (axes.length === 1) return { picture: stacked(tiles), shown };
  return { picture: tiled(tiles), shown };
}

function pictureOf(
  { width, height }: { readonly width: number; readonly height: number },
  at: (x: number, y: number) => number,
  step: number,
): RgbPicture {
  const [columns, rows] = [Math.ceil(width / step), Math.ceil(height / step)];
  const values = new Float32Array(columns * rows);
  let [least, greatest] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = at(x, y);
      const place = Math.floor(y / step) * columns + Math.floor(x / step);
      if (Math.abs(value) > Math.abs(values[place])) values[place] = value;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
  }
  const limit = Math.max(-least, greatest);
  const picture = blank(columns, rows);
  values.forEach((value, i) => picture.pixels.set(colorOf(value, limit, least < 0), 3 * i));
  return picture;
}

function colorOf(value: number, limit: number, isSigned: boolean): Rgb {
  const part = limit > 0 ? value / limit : 0;
  const colors = isSigned ? DIVERGING_COLORS : MAGMA_COLORS;
  const place = isSigned ? (1 + part) / 2 : part;
  return colors[Math.round(place * (colors.length - 1))];
}

/** In rows of as many as fit; small ones are enlarged. */
function tiled(tiles: readonly RgbPicture[]): RgbPicture {
  const [{ width, height }] = tiles;
  const scale = Math.max(1, Math.floor(96 / Math.max(width, height)));
  const [w, h] = [width * scale + GAP, height * scale + GAP];
  const columns = Math.max(1, Math.min(tiles.length, Math.floor(SHEET_WIDTH / w)));
  const sheet = blank(columns * w + GAP, Math.ceil(tiles.length / columns) * h + GAP, GAP_COLOR);
  tiles.forEach((tile, i) =>
    drawPicture(sheet, tile, GAP + (i % columns) * w, GAP + Math.floor(i / columns) * h, scale),
  );
  return sheet;
}

/** Rows of one channel each, below each other. */
function stacked(rows: readonly RgbPicture[]): RgbPicture {
  const [{ width }] = rows;
  const scale = Math.max(1, Math.floor(SHEET_WIDTH / width));
  const height = 10;
  const sheet = blank(width * scale, rows.length * (height + 1), GAP_COLOR);
  rows.forEach((row, i) => drawPicture(sheet, enlarged(row, scale, height), 0, i * (height + 1)));
  return sheet;
}

/** A row of pixels, each as a rectangle. */
function enlarged(row: RgbPicture, scale: number, height: number): RgbPicture {
  const picture = blank(row.width * scale, height);
  for (let x = 0; x < row.width; x++) {
    const [red, green, blue] = row.pixels.subarray(3 * x, 3 * x + 3);
    fillRectangle(picture, { x: x * scale, y: 0, width: scale, height }, [red, green, blue]);
  }
  return picture;
}
