/** @file Reads tiles, wherever they lie in an image or beyond its edge, and transforms them. */
import type { KernelBuilder } from "../../../machine/builder.ts";
import type { IntExpression, IntVariable } from "../../../machine/ir.ts";
import { FLOAT_BYTES } from "../../kernel.ts";
import { rowsRead, type ConvolutionGeometry } from "../geometry.ts";
import { blockInput } from "../rows.ts";
import type { TileGrid } from "./geometry.ts";
import { transformSquare } from "./square.ts";
import { TILE_INPUTS, type Transform } from "./transforms.ts";

/** Where a tile lies: its image, and its first output's row and column. */
export interface TilePlace {
  readonly batch: IntVariable;
  readonly row: IntVariable;
  readonly column: IntVariable;
}

export function placeOfTile(k: KernelBuilder, grid: TileGrid, tile: IntExpression): TilePlace {
  const column = k.intVariable(k.multiply(k.remainder(tile, grid.columns), grid.tileOutputs));
  const line = k.intVariable(k.divide(tile, grid.columns));
  const row = k.intVariable(k.multiply(k.remainder(line, grid.rows), grid.tileOutputs));
  return { batch: k.intVariable(k.divide(line, grid.rows)), row, column };
}

/** The convolution whose input is cut into tiles: `geometry` with whole tiles of outputs. */
export function withWholeTiles(geometry: ConvolutionGeometry, grid: TileGrid): ConvolutionGeometry {
  return {
    ...geometry,
    outputHeight: grid.rows * grid.tileOutputs,
    outputWidth: grid.columns * grid.tileOutputs,
  };
}

/** Bytes of scratch for the pixels of a tile that reads beyond its image. */
export function patchBytes(geometry: ConvolutionGeometry, { tileOutputs }: TileGrid): number {
  return rowsRead(geometry, tileOutputs) ** 2 * geometry.inputChannels * FLOAT_BYTES;
}

/** A tile's window of the input. */
export interface TileWindow {
  /** Address of the first channel of the first pixel. */
  readonly origin: IntVariable;
  readonly rowBytes: IntVariable;
  readonly pixelBytes: number;
}

/**
 * Finds the pixels that a tile reads: in the image, or copied to `patch` with zeros around them if some lie beyond it.
 * @param geometry the geometry of whole tiles
 * @param images address of the whole input
 */
export function tileWindow(
  k: KernelBuilder,
  geometry: ConvolutionGeometry,
  { tileOutputs }: TileGrid,
  images: IntExpression,
  patch: IntExpression,
  place: TilePlace,
): TileWindow {
  const { inputHeight, inputWidth, inputChannels, padding } = geometry;
  const size = rowsRead(geometry, tileOutputs);
  const pixelBytes = inputChannels * FLOAT_BYTES;
  const rowBytes = inputWidth * pixelBytes;
  const image = k.intVariable(k.add(images, k.multiply(place.batch, inputHeight * rowBytes)));
  const top = k.intVariable(k.subtract(place.row, padding[0]));
  const left = k.intVariable(k.subtract(place.column, padding[1]));
  const origin = k.intVariable(k.add(k.add(image, k.multiply(top, rowBytes)), k.multiply(left, pixelBytes)));
  const distance = k.intVariable(rowBytes);
  const isOutside = k.intVariable(1);
  // Positions before 0 wrap to huge numbers.
  if (inputHeight >= size && inputWidth >= size) {
    k.ifAtLeast(inputHeight - size, top, () =>
      k.ifAtLeast(inputWidth - size, left, () => k.setInt(isOutside, 0)),
    );
  }
  k.ifAtLeast(isOutside, 1, () => {
    const block = { rows: tileOutputs, columns: tileOutputs };
    const copied = blockInput(k, geometry, image, patch, place, block);
    k.setInt(origin, copied.origin);
    k.setInt(distance, copied.rowBytes);
  });
  return { origin, rowBytes: distance, pixelBytes };
}

/** Where transformed channels go. */
export interface TransformTarget {
  /** Address of the first channel's first point. */
  readonly address: IntExpression;
  /** Bytes from one point to the next. */
  readonly pointBytes: number;
  /** Whether whole vectors may be written beyond the last channel; they are filled with zeros. */
  readonly isPadded: boolean;
}

/**
 * Transforms `channels` channels of a tile's window from byte `offset` of each pixel on.
 * @param scratch for transformSquare
 */
export function transformChannels(
  k: KernelBuilder,
  transform: Transform,
  { origin, rowBytes, pixelBytes }: TileWindow,
  offset: IntExpression,
  channels: number,
  { address, pointBytes, isPadded }: TransformTarget,
  scratch: IntExpression,
): void {
  const { lanes } = k.machine;
  const target = k.intVariable(address);
  const source = k.intVariable(k.add(origin, offset));
  const vector = (count: number) => {
    const point = k.intVariable(target);
    const load = (row: IntVariable, column: number) => k.load(row, column * pixelBytes, count);
    transformSquare(k, transform, { address: source, rowBytes, load }, scratch, (values) => {
      values.forEach((value, row) => {
        const at = row * TILE_INPUTS * pointBytes;
        if (count === lanes || isPadded) k.store(point, at, value);
        else k.store(point, at, k.let(value), count);
      });
      k.increment(point, pointBytes);
    });
  };
  k.loop(0, Math.floor(channels / lanes), 1, () => {
    vector(lanes);
    for (const pointer of [source, target]) k.increment(pointer, lanes * FLOAT_BYTES);
  });
  if (channels % lanes > 0) vector(channels % lanes);
}
