/** @file A unit of the first view's network as its figures draw it: time to the right, frequency upwards; and the sum behind it. */
import type { SumPart, UnitSum } from "../figures/unit-parts.ts";

/** Rows and columns of a filter. */
const SIDE = 3;

/** Values that are drawn: the first row is the highest band. */
export interface DrawnMaps {
  /** [bands, frames, maps] */
  readonly values: Float32Array;
  readonly rows: number;
  readonly columns: number;
  readonly maps: number;
}

/** Turns [frames, bands, maps] so that time goes to the right and frequency up. @param from the first value's place */
export function drawnMaps(
  values: Float32Array,
  [frames, bands, maps]: readonly number[],
  from = 0,
): DrawnMaps {
  const turned = new Float32Array(frames * bands * maps);
  for (let frame = 0; frame < frames; frame++) {
    for (let band = 0; band < bands; band++) {
      const source = from + (frame * bands + band) * maps;
      turned.set(values.subarray(source, source + maps), ((bands - 1 - band) * frames + frame) * maps);
    }
  }
  return { values: turned, rows: bands, columns: frames, maps };
}

/** A unit of a layer's output, by its place as drawn. */
export interface DrawnUnit {
  readonly map: number;
  readonly row: number;
  readonly column: number;
}

/**
 * The sum behind a unit of a convolution of 3 × 3 with "same" padding and ReLU: for each map that it reads nine products, in the order in
 * which they are drawn.
 * @param input the maps that the layer reads, as drawn
 * @param kernel [3 frames, 3 bands, maps of the input, maps]
 * @param value the number that the engine computed for the unit
 */
export function sumBehind(
  input: DrawnMaps,
  kernel: Float32Array,
  bias: Float32Array,
  { map, row, column }: DrawnUnit,
  value: number,
): UnitSum {
  const cells = Array.from({ length: SIDE * SIDE }, (_, i) => [Math.floor(i / SIDE), i % SIDE] as const);
  const parts = Array.from({ length: input.maps }, (_, c): SumPart => {
    const inputs = cells.map(([down, across]) => {
      const [y, x] = [row + down - 1, column + across - 1];
      const isInside = y >= 0 && x >= 0 && y < input.rows && x < input.columns;
      return isInside ? input.values[(y * input.columns + x) * input.maps + c] : 0;
    });
    const weights = cells.map(([down, across]) => {
      const tap = across * SIDE + (SIDE - 1 - down);
      return kernel[(tap * input.maps + c) * bias.length + map];
    });
    const sum = inputs.reduce((total, each, i) => total + each * weights[i], 0);
    return { name: `map ${c + 1}`, inputs, weights, columns: SIDE, value: sum };
  });
  const total = parts.reduce((sum, part) => sum + part.value, bias[map]);
  return { parts, bias: bias[map], total, activation: "ReLU", value };
}

/** The place of the largest value of a map. */
export function strongestUnit({ values, columns, maps }: DrawnMaps, map: number): DrawnUnit {
  let best = map;
  for (let i = map; i < values.length; i += maps) if (values[i] > values[best]) best = i;
  const place = Math.floor(best / maps);
  return { map, row: Math.floor(place / columns), column: place % columns };
}
