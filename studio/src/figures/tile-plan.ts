/** @file Which tiles of a spectrogram a view shows: columns of one frame each, or, seen from afar, of 2, 4, 8 … frames. */

/** Columns of a tile, at most. */
export const MOST_COLUMNS = 256;

/** Samples of the frames of a tile, each column's first one counted: longer frames make narrower tiles, so that each takes as long. */
const TILE_SAMPLES = 2 ** 18;

/** Tiles that stand in for others that are not there yet, at most. */
export const MOST_STAND_INS = 8;

/** The columns of a tile of frames of some samples, a power of two. */
export function columnsOfTile(fftSize: number): number {
  return Math.min(MOST_COLUMNS, Math.max(16, TILE_SAMPLES / fftSize));
}

/** A sound's frames as tiles are cut of them. */
export interface TiledFrames {
  readonly frames: number;
  /** Samples from one frame to the next; frame t has its middle at sample t · hop. */
  readonly hop: number;
  /** Columns of a tile. */
  readonly tile: number;
}

/** A stretch of a sound, in samples. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface TilePlan {
  /** 2^level frames make one column. */
  readonly level: number;
  /** The first tile that is in view, and the last one. */
  readonly first: number;
  readonly last: number;
}

/** Plans the tiles of a view. @param from and `to`: its stretch in samples @param pixels its width */
export function planTiles(
  { frames, hop, tile }: TiledFrames,
  from: number,
  to: number,
  pixels: number,
): TilePlan {
  const level = Math.max(0, Math.floor(Math.log2((to - from) / hop / Math.max(1, pixels))));
  const samplesPerTile = tile * 2 ** level * hop;
  const last = Math.ceil(frames / (tile * 2 ** level)) - 1;
  const tileAt = (sample: number) =>
    Math.min(last, Math.max(0, Math.floor((sample + hop / 2) / samplesPerTile)));
  return { level, first: tileAt(from), last: tileAt(to) };
}

/** The columns of a tile and the stretch of the sound that it is drawn over, in samples; the last tile is shorter. */
export function tileStretch(
  { frames, hop, tile }: TiledFrames,
  level: number,
  index: number,
): Stretch & { firstFrame: number; framesPerColumn: number; columns: number } {
  const framesPerColumn = 2 ** level;
  const firstFrame = index * tile * framesPerColumn;
  const columns = Math.min(tile, Math.ceil((frames - firstFrame) / framesPerColumn));
  return {
    firstFrame,
    framesPerColumn,
    columns,
    from: (firstFrame - 0.5) * hop,
    to: (firstFrame + columns * framesPerColumn - 0.5) * hop,
  };
}

/**
 * Tiles of other levels for stretches whose own tiles are not there yet: those of the nearest levels, the coarsest first, as they are
 * drawn one over the other.
 */
export function standInsFor<T extends Stretch & { readonly level: number }>(
  gaps: readonly Stretch[],
  known: readonly T[],
  level: number,
): T[] {
  const distance = (tile: T) => Math.abs(tile.level - level);
  return known
    .filter(({ from, to }) => gaps.some((gap) => from < gap.to && to > gap.from))
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, MOST_STAND_INS)
    .sort((a, b) => b.level - a.level);
}

/** Frames of a sound whose frames are centred: T = 1 + ⌊samples / hop⌋. */
export function framesOf(samples: number, hop: number): number {
  return 1 + Math.floor(samples / hop);
}
