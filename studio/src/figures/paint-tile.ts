/** @file Tiles of spectrograms as pictures. */
import type { Rgb } from "auricle/design";
import type { Tile } from "./spectrogram-tiles.ts";

/** The colour of values: magnitudes by their level, real and imaginary parts as they are. */
export interface Painting {
  readonly colors: readonly Rgb[];
  /** The range of the colours: in dB for magnitudes, else in the values' unit. */
  readonly range: readonly [low: number, high: number];
  /** The magnitude of 0 dB; undefined: values are not levels. */
  readonly reference?: number;
}

/** The picture of a tile, a pixel for each value, low frequencies at the bottom. */
export function paintTile(
  { values, columns }: Tile,
  { colors, range, reference }: Painting,
): HTMLCanvasElement {
  const rows = values.length / columns;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, rows];
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const table = Uint32Array.from(
    colors,
    ([red, green, blue]) => (255 << 24) | (blue << 16) | (green << 8) | red,
  );
  const scale = (colors.length - 1) / (range[1] - range[0]);
  // 20 log10(value / reference), by the natural logarithm.
  const [factor, shift] =
    reference === undefined ? [1, 0] : [20 / Math.LN10, (20 * Math.log(reference)) / Math.LN10];
  for (let row = 0; row < rows; row++) {
    const to = (rows - 1 - row) * columns;
    for (let column = 0; column < columns; column++) {
      const value = values[column * rows + row];
      const level = reference === undefined ? value : factor * Math.log(value) - shift;
      const index = Math.round((level - range[0]) * scale);
      pixels[to + column] = table[index > 0 ? Math.min(table.length - 1, index) : 0];
    }
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}
