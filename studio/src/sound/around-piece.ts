/** @file The surroundings that a piece of a sound needs so that it is filtered as a part of the whole. */

/** A multiple of the distance of frames, for all sizes of a transform. */
const GRID = 8192;

/** No shorter than a frame at rates up to 100 kHz. */
const MARGIN = 4096;

/**
 * The stretch to filter for samples first … last - 1: with a frame around them, and beginning where a frame begins, so that pieces
 * that were filtered alone fit together.
 */
export function aroundPiece(first: number, last: number, length: number): { from: number; to: number } {
  return {
    from: Math.max(0, GRID * Math.floor((first - MARGIN) / GRID)),
    to: Math.min(length, last + MARGIN),
  };
}
