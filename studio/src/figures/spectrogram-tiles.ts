/** @file The tiles of spectrograms: computed by the media worker one at a time, those in view first, and kept while there is room. */
import { transfer } from "comlink";
import { media } from "../engine/media.ts";
import type { FrequencyRows } from "./frequency-rows.ts";
import { gatherFrames } from "./gather-frames.ts";
import type { TileScale } from "../engine/tile-levels.ts";
import {
  columnsOfTile,
  framesOf,
  standInsFor,
  tileStretch,
  type Stretch,
  type TiledFrames,
  type TilePlan,
} from "./tile-plan.ts";

/** The sound and settings that a spectrogram is made of; tiles are of one of these. */
export interface TileSource {
  readonly samples: Float32Array;
  readonly fftSize: number;
  readonly hop: number;
  readonly part: "magnitude" | "real" | "imaginary";
  readonly rows: FrequencyRows;
  /** dB below a tone at full scale at which the colours of magnitudes end. */
  readonly floor: number;
  /** How many colours there are. */
  readonly colors: number;
}

/** A part of a spectrogram, with the stretch of the sound that it shows. */
export interface Tile extends Stretch {
  /** The numbers of the colours, `[rows, columns]`, high frequencies first. */
  readonly levels: Uint8Array;
  readonly columns: number;
  /** 2^level frames make one column. */
  readonly level: number;
  /** The end of the colours for parts; 0 for magnitudes. */
  readonly limit: number;
}

/** Frames that a column of several frames looks at, at most: of parts the one in the middle. */
const LOOKS = 4;

/** Bytes of tiles that are kept, beside those in view. */
const ROOM = 12e6;

export class SpectrogramTiles implements TiledFrames {
  /** The end of the colours for parts: that of the tile which needs the widest. */
  limit = 0;
  readonly frames: number;
  readonly hop: number;
  readonly tile: number;
  private readonly source: TileSource;
  private readonly tiles = new Map<string, Tile>();
  private readonly onready: () => void;
  private readonly onfail: (error: unknown) => void;
  private wanted: readonly (readonly [level: number, index: number])[] = [];
  /** Tiles of the view. */
  private inView = 0;
  private bytes = 0;
  /** The array of the last tile's frames, which goes to the worker and comes back. */
  private usedFrames: Float32Array<ArrayBuffer> | undefined;
  private isBusy = false;

  /** @param onready is called whenever a tile was added */
  constructor(source: TileSource, onready: () => void, onfail: (error: unknown) => void) {
    this.source = source;
    this.onready = onready;
    this.onfail = onfail;
    this.hop = source.hop;
    this.frames = framesOf(source.samples.length, source.hop);
    this.tile = columnsOfTile(source.fftSize);
  }

  /**
   * The tiles to draw for a plan, in their order: its own, below them others where some are missing. What is missing is computed; what an
   * earlier plan still missed is not.
   */
  show({ level, first, last }: TilePlan): Tile[] {
    const there: Tile[] = [];
    const wanted: [number, number][] = [];
    const gaps: Stretch[] = [];
    for (let index = first; index <= last; index++) {
      const key = `${level} ${index}`;
      const tile = this.tiles.get(key);
      // One whose colours end elsewhere is drawn until the other is there.
      if (!tile || tile.limit < this.limit) wanted.push([level, index]);
      if (!tile) {
        gaps.push(tileStretch(this, level, index));
        continue;
      }
      // The last in the map is the one that was needed last.
      this.tiles.delete(key);
      this.tiles.set(key, tile);
      there.push(tile);
    }
    this.inView = last - first + 1;
    this.wanted = wanted;
    if (wanted.length > 0 && !this.isBusy) void this.work();
    return [...standInsFor(gaps, [...this.tiles.values()], level), ...there];
  }

  /** Computes no more than the tile that is being computed. */
  close(): void {
    this.wanted = [];
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    try {
      for (let next = this.wanted[0]; next; next = this.wanted[0]) {
        const [level, index] = next;
        const tile = await this.compute(level, index);
        this.limit = Math.max(this.limit, tile.limit);
        this.add(`${level} ${index}`, tile);
        this.wanted = this.wanted.filter(([l, i]) => l !== level || i !== index);
        this.onready();
      }
    } catch (error) {
      this.onfail(error);
    } finally {
      this.isBusy = false;
    }
  }

  private async compute(level: number, index: number): Promise<Tile> {
    const { samples, fftSize, hop, part, rows } = this.source;
    const { firstFrame, framesPerColumn, columns, from, to } = tileStretch(this, level, index);
    const looks = part === "magnitude" ? Math.min(LOOKS, framesPerColumn) : 1;
    const middles = Array.from({ length: columns * looks }, (_, i) => {
      const within = Math.floor(((i % looks) + 0.5) * (framesPerColumn / looks));
      return hop * (firstFrame + Math.floor(i / looks) * framesPerColumn + within);
    });
    const frames = gatherFrames(samples, fftSize, middles, this.usedFrames);
    const { levels, limit, request } = await media().spectrogramTile(
      transfer({ frames, fftSize, columns, part, edges: rows.edges }, [frames.buffer]),
      this.scale(),
    );
    this.usedFrames = request.frames;
    return { levels, limit, columns, level, from, to };
  }

  private scale(): TileScale {
    const { part, fftSize, floor, colors } = this.source;
    // A tone at full scale has half the sum of Hann's window.
    if (part === "magnitude") return { kind: "decibels", reference: fftSize / 4, floor, colors };
    return { kind: "signed", limit: this.limit, colors };
  }

  private add(key: string, tile: Tile): void {
    this.bytes += tile.levels.length - (this.tiles.get(key)?.levels.length ?? 0);
    this.tiles.set(key, tile);
    for (const [oldest, { levels }] of this.tiles) {
      // Those at the end of the map are the last that were needed.
      if (this.bytes <= ROOM || this.tiles.size <= this.inView) return;
      this.tiles.delete(oldest);
      this.bytes -= levels.length;
    }
  }
}
