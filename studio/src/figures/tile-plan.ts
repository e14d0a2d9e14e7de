/** @file Which tiles of a spectrogram a view shows: columns of one frame each, or, seen from afar, of 2, 4, 8 … frames. */

/** Columns of a tile. */
export const TILE = 256;

export interface TilePlan {
  /** 2^level frames make one column. */
  readonly level: number;
  /** The first tile that is in view, and the last one. */
  readonly first: number;
  readonly last: number;
}

/**
 * @param frames the number in the whole sound
 * @param hop samples from one frame to the next; frame t has its middle at sample t · hop
 * @param from and `to`: the view, in samples
 * @param pixels its width
 */
export function planTiles(
  { frames, hop }: { readonly frames: number; readonly hop: number },
  from: number,
  to: number,
  pixels: number,
): TilePlan {
  const level = Math.max(0, Math.floor(Math.log2((to - from) / hop / Math.max(1, pixels))));
  const samplesPerTile = TILE * 2 ** level * hop;
  const last = Math.ceil(frames / (TILE * 2 ** level)) - 1;
  const tileAt = (sample: number) =>
    Math.min(last, Math.max(0, Math.floor((sample + hop / 2) / samplesPerTile)));
  return { level, first: tileAt(from), last: tileAt(to) };
}

/** The columns of a tile and the stretch of the sound that it is drawn over, in samples; the last tile is shorter. */
export function tileStretch(
  { frames, hop }: { readonly frames: number; readonly hop: number },
  level: number,
  index: number,
): { firstFrame: number; framesPerColumn: number; columns: number; from: number; to: number } {
  const framesPerColumn = 2 ** level;
  const firstFrame = index * TILE * framesPerColumn;
  const columns = Math.min(TILE, Math.ceil((frames - firstFrame) / framesPerColumn));
  return {
    firstFrame,
    framesPerColumn,
    columns,
    from: (firstFrame - 0.5) * hop,
    to: (firstFrame + columns * framesPerColumn - 0.5) * hop,
  };
}

/** Frames of a sound whose frames are centred: T = 1 + ⌊samples / hop⌋. */
export function framesOf(samples: number, hop: number): number {
  return 1 + Math.floor(samples / hop);
}
