/** @file The values of a spectrogram's tile as numbers of colours, a byte each: what is left to the page is to look the colours up. */

/** The largest values' part at which the colours of real and imaginary parts end: most values are far smaller. */
const OPENNESS = 0.04;

/** The colours that values have: magnitudes by their level, real and imaginary parts as they are. */
export type TileScale =
  | {
      readonly kind: "decibels";
      /** The magnitude of 0 dB. */
      readonly reference: number;
      /** dB below it at which the colours end. */
      readonly floor: number;
      readonly colors: number;
    }
  | {
      readonly kind: "signed";
      /** The end of the colours that other tiles have; a tile with larger values has one farther off. */
      readonly limit: number;
      readonly colors: number;
    };

export interface TileLevels {
  /** `[rows, columns]`, the last row of the values first, as a picture has them. */
  readonly levels: Uint8Array<ArrayBuffer>;
  /** The end of the colours for parts; 0 for magnitudes. */
  readonly limit: number;
}

/** @param values `[columns, rows]` */
export function tileLevels(values: Float32Array, columns: number, scale: TileScale): TileLevels {
  const limit = scale.kind === "signed" ? Math.max(scale.limit, limitFor(values)) : 0;
  const last = scale.colors - 1;
  // Of levels, 20 log10(value / reference) by the natural logarithm.
  const [factor, shift] =
    scale.kind === "signed"
      ? [last / (2 * limit), last / 2]
      : [
          (20 / Math.LN10) * (last / scale.floor),
          last * (1 - (20 * Math.log10(scale.reference)) / scale.floor),
        ];
  const isLevel = scale.kind === "decibels";
  const rows = values.length / columns;
  const levels = new Uint8Array(values.length);
  for (let row = 0; row < rows; row++) {
    const to = (rows - 1 - row) * columns;
    for (let column = 0; column < columns; column++) {
      const value = values[column * rows + row];
      const color = Math.round(factor * (isLevel ? Math.log(value) : value) + shift);
      levels[to + column] = color > 0 ? Math.min(last, color) : 0;
    }
  }
  return { levels, limit };
}

/** The end of the colours for values: 1, 2 or 5 times a power of ten, so that tiles seldom need another. */
function limitFor(values: Float32Array): number {
  const peak = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const least = Math.max(OPENNESS * peak, 1e-9);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5].map((digit) => digit * power).find((end) => end >= least) ?? 10 * power;
}
