/** @file Tiles of spectrograms as pictures. */
import type { Rgb } from "auricle/design";
import { colorTable } from "./paint.ts";
import type { Tile } from "./spectrogram-tiles.ts";

/** Cells that are painted in one frame of the screen; pictures of the others follow with the next ones. */
const CELLS_A_FRAME = 2 ** 20;

/** The pictures of the tiles that are drawn. */
export class TilePictures {
  private readonly pictures = new Map<Tile, HTMLCanvasElement>();
  /** Those of forgotten tiles are painted over: while a view is zoomed, new ones would pile up. */
  private readonly unused: HTMLCanvasElement[] = [];
  private image = new ImageData(1, 1);
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
    for (const [tile, picture] of this.pictures) {
      if (wanted.has(tile)) continue;
      this.pictures.delete(tile);
      this.unused.push(picture);
    }
    let painted = 0;
    const pictures = tiles.flatMap((tile) => {
      let picture = this.pictures.get(tile);
      if (!picture) {
        if (painted > 0 && painted + tile.levels.length > CELLS_A_FRAME) return [];
        painted += tile.levels.length;
        picture = this.paint(tile);
        this.pictures.set(tile, picture);
      }
      return [[tile, picture] as const];
    });
    return { pictures, isComplete: pictures.length === tiles.length };
  }

  /** A pixel for each value, low frequencies at the bottom. */
  private paint({ levels, columns }: Tile): HTMLCanvasElement {
    const rows = levels.length / columns;
    if (this.image.width !== columns || this.image.height !== rows) this.image = new ImageData(columns, rows);
    const pixels = new Uint32Array(this.image.data.buffer);
    for (let i = 0; i < levels.length; i++) pixels[i] = this.table[levels[i]];
    const canvas = this.unused.pop() ?? document.createElement("canvas");
    if (canvas.width !== columns) canvas.width = columns;
    if (canvas.height !== rows) canvas.height = rows;
    canvas.getContext("2d")?.putImageData(this.image, 0, 0);
    return canvas;
  }
}
