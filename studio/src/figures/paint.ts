/** @file Numbers as colours: pixels of an image for a matrix of values. */
import { DARK_DIVERGING_COLORS, DIVERGING_COLORS, MAGMA_COLORS, type Rgb, type Theme } from "auricle/design";

/** "signed": blue below zero, paper at zero, vermilion above; "unsigned": from dark to light; "grey": from black to white. */
export type ColorScale = "signed" | "unsigned" | "grey";

const GREYS: readonly Rgb[] = Array.from({ length: 256 }, (_, i) => [i, i, i]);

export function colorsOf(scale: ColorScale, theme: Theme): readonly Rgb[] {
  if (scale === "unsigned") return MAGMA_COLORS;
  if (scale === "grey") return GREYS;
  return theme === "dark" ? DARK_DIVERGING_COLORS : DIVERGING_COLORS;
}

/** The range that a scale covers for values: symmetric about zero where they have a sign; never empty. */
export function rangeFor(values: ArrayLike<number>, scale: ColorScale): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(low <= high)) return scale === "signed" ? [-1, 1] : [0, 1];
  if (scale !== "signed") return high > low ? [low, high] : [low - 0.5, low + 0.5];
  const limit = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return [-limit, limit];
}

/** The colour of one value; NaN has none. */
export function colorOf(
  value: number,
  [low, high]: readonly [number, number],
  colors: readonly Rgb[],
): Rgb | undefined {
  const last = colors.length - 1;
  return colors[Math.min(last, Math.max(0, Math.round(((value - low) / (high - low)) * last)))];
}

const tables = new WeakMap<readonly Rgb[], Uint32Array>();

/** Colours as whole pixels, opaque: one write for each instead of four. */
export function colorTable(colors: readonly Rgb[]): Uint32Array {
  const known = tables.get(colors);
  if (known) return known;
  const bytes = Uint8Array.from(colors.flatMap((color) => [...color, 255]));
  const table = new Uint32Array(bytes.buffer);
  tables.set(colors, table);
  return table;
}

/**
 * RGBA pixels of a matrix, row by row; NaN is transparent.
 * @param values [rows, columns]; a stride above 1 takes one channel of [rows, columns, channels]
 * @param isUpward draws the first row at the bottom, as frequencies are
 */
export function pixelsOf(
  values: ArrayLike<number>,
  { rows, columns, stride = 1, offset = 0, isUpward = false }: MatrixView,
  range: readonly [number, number],
  colors: readonly Rgb[],
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * rows * columns);
  const words = new Uint32Array(pixels.buffer);
  const table = colorTable(colors);
  const last = colors.length - 1;
  const [low, high] = range;
  const scale = last / (high - low);
  for (let row = 0; row < rows; row++) {
    let at = (isUpward ? rows - 1 - row : row) * columns * stride + offset;
    for (let column = 0; column < columns; column++, at += stride) {
      const place = Math.round((values[at] - low) * scale);
      // NaN and what is not there stay transparent.
      if (place === place) words[row * columns + column] = table[place < 0 ? 0 : place > last ? last : place];
    }
  }
  return pixels;
}

/** RGBA pixels of red, green and blue from 0 to 1. @param values [count, 3] */
export function picturePixels(values: ArrayLike<number>, count: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * count).fill(255);
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++) pixels[4 * i + channel] = 255 * values[3 * i + channel];
  }
  return pixels;
}

export interface MatrixView {
  readonly rows: number;
  readonly columns: number;
  readonly stride?: number;
  readonly offset?: number;
  readonly isUpward?: boolean;
}

/** @param hex "#rrggbb", as tokens are written */
export function rgbOfHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** Whether dark text is read better than light text on a colour (WCAG's relative luminance). */
export function isLight([red, green, blue]: Rgb): boolean {
  const linear = (value: number) =>
    value / 255 <= 0.04045 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) > 0.18;
}
