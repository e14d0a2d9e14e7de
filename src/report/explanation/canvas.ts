/** @file A picture in memory to draw on. Browser-safe. */

import type { Rgb } from "../../design/colors.ts";
import { encodeRgbPng } from "../png.ts";
import { GLYPH_HEIGHT, GLYPH_WIDTH, isSet } from "./glyphs.ts";

/** Pixels row by row from the top left, three bytes each. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export const WHITE: Rgb = [255, 255, 255];
export const INK: Rgb = [40, 36, 32];

/** A picture of one colour. */
export function blank(width: number, height: number, color: Rgb = WHITE): RgbPicture {
  const pixels = new Uint8Array(3 * width * height);
  for (let i = 0; i < pixels.length; i += 3) pixels.set(color, i);
  return { width, height, pixels };
}

/** Fills a rectangle; beyond the picture's ends nothing is drawn. */
export function fillRectangle(
  to: RgbPicture,
  {
    x,
    y,
    width,
    height,
  }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  color: Rgb,
): void {
  for (let row = Math.max(0, y); row < Math.min(to.height, y + height); row++) {
    for (let column = Math.max(0, x); column < Math.min(to.width, x + width); column++) {
      to.pixels.set(color, 3 * (row * to.width + column));
    }
  }
}

/** Copies a picture, each of its pixels as a square of `scale` pixels. */
export function drawPicture(to: RgbPicture, from: RgbPicture, x: number, y: number, scale = 1): void {
  for (let row = 0; row < from.height * scale; row++) {
    for (let column = 0; column < from.width * scale; column++) {
      const source = 3 * (Math.floor(row / scale) * from.width + Math.floor(column / scale));
      to.pixels.set(from.pixels.subarray(source, source + 3), 3 * ((y + row) * to.width + x + column));
    }
  }
}

/** Points of a letter are squares of so many pixels. */
const TEXT_SCALE = 2;

export const TEXT_HEIGHT = GLYPH_HEIGHT * TEXT_SCALE;

export function textWidth(text: string): number {
  return [...text].length * (GLYPH_WIDTH + 1) * TEXT_SCALE;
}

/** Writes a text in one line from its top left corner. */
export function drawText(to: RgbPicture, text: string, x: number, y: number, color: Rgb = INK): void {
  [...text].forEach((character, i) => {
    for (let column = 0; column < GLYPH_WIDTH; column++) {
      for (let row = 0; row < GLYPH_HEIGHT; row++) {
        if (!isSet(character, column, row)) continue;
        const left = x + (i * (GLYPH_WIDTH + 1) + column) * TEXT_SCALE;
        fillRectangle(to, { x: left, y: y + row * TEXT_SCALE, width: TEXT_SCALE, height: TEXT_SCALE }, color);
      }
    }
  });
}

export function pngOf({ pixels, width, height }: RgbPicture): Uint8Array {
  return encodeRgbPng(pixels, width, height);
}
