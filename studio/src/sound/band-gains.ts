/** @file The mask that keeps a band of frequencies. */
import type { SoundMap } from "auricle/explain";

/** Hz over which the edge of a band falls: a sharper one would ring. */
const EDGE = 20;

/** Gains of 1 from `low` to `high` Hz and 0 beyond, at all times. */
export function bandGains(low: number, high: number): SoundMap {
  const top = Math.max(low + 1, high);
  return {
    values: Float32Array.of(0, 1, 1, 0),
    frames: 1,
    bins: 4,
    times: Float64Array.of(0),
    frequencies: Float64Array.of(low - EDGE, low, top, top + EDGE),
  };
}
