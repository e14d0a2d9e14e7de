/** @file Tiles of spectrograms as pictures. */
import type { Rgb } from "auricle/design";
import { colorTable } from "./paint.ts";
import type { Tile } from "./spectrogram-tiles.ts";

/** Cells that are painted in one frame of the screen; pictures of the others follow with the next ones. */
const CELLS_A_FRAME = 2 ** 20;

/** The pictures of the tiles that are drawn. */
export class TilePictures {
  private readonly pictures = new Map<Tile, HTMLCanvasElement>();
  private readonly table: Uint32Array;

  constructor(colors: readonly Rgb[]) {
    this.table = colorTable(colors);
  }

  /**
   * Pictures of tiles, painted where they are new; pictures of others are forgotten.
   * @returns those that are there, and whether some are left for the next frame
   */
  of(tiles: readonly Tile[]): { pictures: (readonly [Tile, HTMLCanvasElement])[]; isComplete: boolean } {
    const wanted = new Set(tiles);
    for (const tile of this.pictures.keys()) if (!wanted.has(tile)) this.pictures.delete(tile);
    let painted = 0;
    const pictures = tiles.flatMap((tile) => {
      let picture = this.pictures.get(tile);
      if (!picture) {
        if (painted > 0 && painted + tile.levels.length > CELLS_A_FRAME) return [];
        painted += tile.levels.length;
        picture = paint(tile, this.table);
        this.pictures.set(tile, picture);
      }
      return [[tile, picture] as const];
    });
    return { pictures, isComplete: pictures.length === tiles.length };
  }
}

/** A pixel for each value, low frequencies at the bottom. */
function paint({ levels, columns }: Tile, table: Uint32Array): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [columns, levels.length / columns];
  const image = new ImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < levels.length; i++) pixels[i] = table[levels[i]];
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return canvas;
}
