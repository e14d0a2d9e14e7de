/** @file The tiles of spectrograms: computed by the media worker one at a time, those in view first, and kept while there is room. */
import { transfer } from "comlink";
import { media } from "../engine/media.ts";
import type { FrequencyRows } from "./frequency-rows.ts";
import { gatherFrames } from "./gather-frames.ts";
import { framesOf, tileStretch, type TilePlan } from "./tile-plan.ts";

/** The sound and settings that a spectrogram is made of; tiles are of one of these. */
export interface TileSource {
  readonly samples: Float32Array;
  readonly fftSize: number;
  readonly hop: number;
  readonly part: "magnitude" | "real" | "imaginary";
  readonly rows: FrequencyRows;
}

export interface Tile {
  /** `[columns, rows]` */
  readonly values: Float32Array;
  readonly columns: number;
  /** The largest size of a value. */
  readonly peak: number;
  /** The stretch of the sound that it shows, in samples. */
  readonly from: number;
  readonly to: number;
}

/** Frames that a column of several frames looks at, at most: of parts the one in the middle. */
const LOOKS = 4;

/** Bytes of values that are kept. */
const ROOM = 48e6;

export class SpectrogramTiles {
  private readonly source: TileSource;
  private readonly tiles = new Map<string, Tile>();
  private readonly onready: () => void;
  private readonly onfail: (error: unknown) => void;
  private wanted: readonly (readonly [level: number, index: number])[] = [];
  private bytes = 0;
  private isBusy = false;

  /** @param onready is called whenever a tile was added */
  constructor(source: TileSource, onready: () => void, onfail: (error: unknown) => void) {
    this.source = source;
    this.onready = onready;
    this.onfail = onfail;
  }

  get frames(): number {
    return framesOf(this.source.samples.length, this.source.hop);
  }

  /** The tiles of a plan that are there. What is missing is computed; what an earlier plan still missed is not. */
  show({ level, first, last }: TilePlan): Tile[] {
    const there: Tile[] = [];
    const missing: [number, number][] = [];
    for (let index = first; index <= last; index++) {
      const key = `${level} ${index}`;
      const tile = this.tiles.get(key);
      if (!tile) {
        missing.push([level, index]);
        continue;
      }
      // The last in the map is the one that was needed last.
      this.tiles.delete(key);
      this.tiles.set(key, tile);
      there.push(tile);
    }
    this.wanted = missing;
    if (missing.length > 0 && !this.isBusy) void this.work();
    return there;
  }

  /** Computes no more than the tile that is being computed. */
  close(): void {
    this.wanted = [];
  }

  /** All that is known, the coarsest first: it stands in for tiles that are not there yet. */
  known(): Tile[] {
    return [...this.tiles.values()].sort((a, b) => (b.to - b.from) / b.columns - (a.to - a.from) / a.columns);
  }

  private async work(): Promise<void> {
    this.isBusy = true;
    try {
      for (let next = this.wanted[0]; next; next = this.wanted[0]) {
        const [level, index] = next;
        const tile = await this.compute(level, index);
        this.tiles.set(`${level} ${index}`, tile);
        this.bytes += tile.values.byteLength;
        this.wanted = this.wanted.filter(([l, i]) => l !== level || i !== index);
        this.makeRoom();
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
    const frames = gatherFrames(samples, fftSize, middles);
    const values = await media().spectrogramTile(
      transfer({ frames, fftSize, columns, part, edges: rows.edges }, [frames.buffer]),
    );
    const peak = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return { values, columns, peak, from, to };
  }

  get hop(): number {
    return this.source.hop;
  }

  private makeRoom(): void {
    for (const [key, { values }] of this.tiles) {
      if (this.bytes <= ROOM || this.tiles.size <= 8) return;
      this.tiles.delete(key);
      this.bytes -= values.byteLength;
    }
  }
}
