/** @file A loss surface as a map: paper with contour lines, the deeper the darker. */
import type { Rgb } from "auricle/design";

/** Lines for each factor of ten of the loss. */
const LINES_PER_DECADE = 4;
/** Losses below this are one level. */
const LEAST = 0.003;

/** The number of a height's level, from 0 at the lowest. */
export function levelOf(height: number): number {
  return Math.floor(LINES_PER_DECADE * Math.log10(Math.max(1, height / LEAST)));
}

/**
 * RGBA pixels of a map.
 * @param heights on a square grid, row by row
 * @param deep the colour of the lowest level, from which levels fade to `paper`
 */
export function contourPixels(
  heights: ArrayLike<number>,
  side: number,
  { paper, deep, line }: { paper: Rgb; deep: Rgb; line: Rgb },
): Uint8ClampedArray<ArrayBuffer> {
  const levels = Uint8Array.from(heights, levelOf);
  const highest = levels.reduce((most, level) => Math.max(most, level), 1);
  const pixels = new Uint8ClampedArray(4 * side * side);
  for (let i = 0; i < side * side; i++) {
    const level = levels[i];
    const isRight = i % side === side - 1;
    const isBorder =
      (!isRight && levels[i + 1] !== level) || (i + side < side * side && levels[i + side] !== level);
    const depth = 0.55 * (1 - level / highest);
    const color = isBorder ? line : paper.map((value, c) => value + depth * (deep[c] - value));
    pixels.set([...color, 255], 4 * i);
  }
  return pixels;
}
