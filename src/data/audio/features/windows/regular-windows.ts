/** @file Windows that cover clips evenly, for evaluation. Browser-safe. */

import type { WindowPlan } from "./window-plan.ts";

/**
 * The first steps of evenly spaced windows, from the start of a clip to its end; a single one stands in the
 * middle.
 * @param count default: the fewest that leave no step out
 */
export function evenStarts(
  frames: number,
  windowFrames: number,
  count = Math.ceil(frames / windowFrames),
): number[] {
  const last = frames - windowFrames;
  if (count === 1) return [Math.floor(last / 2)];
  return Array.from({ length: count }, (_, i) => Math.round((i * last) / (count - 1)));
}

/** The windows of all clips, one clip after the other. */
export function regularWindows(
  clipFrames: readonly number[],
  windowFrames: number,
  windowsPerClip: number | undefined,
): WindowPlan {
  const starts = clipFrames.map((frames) => evenStarts(frames, windowFrames, windowsPerClip));
  const clipOf = Uint32Array.from(starts.flatMap((list, clip) => list.map(() => clip)));
  const firstFrames = Uint32Array.from(starts.flat());
  return {
    length: clipOf.length,
    clipOf: (example) => clipOf[example],
    firstFrame: (example) => firstFrames[example],
    key: (example) => example,
  };
}
