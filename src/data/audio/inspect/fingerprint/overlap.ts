/** @file Whether two recordings hold the same sound at a given offset, and where. Browser-safe. */

import { countBits, FRAME_RATE, SILENCE } from "./sub-fingerprints.ts";

/** Frames of two recordings that sound alike. */
export interface Overlap {
  /** The first frame in the first recording. */
  readonly first: number;
  readonly frames: number;
  /** Share of the bits that differ: 0 for the same sound, 0.5 for any two. */
  readonly errorRate: number;
}

/** Bits a frame. */
const BITS = 32;

/** The error rate below which Haitsma and Kalker take two blocks of 3 s for the same. */
export const ALIKE = 0.35;

/** By which a recording is moved to see whether it then agrees less, in frames: no multiples of one beat. */
const DISPLACEMENTS = [0.5, 0.8, 1.3].map((seconds) => Math.round(seconds * FRAME_RATE));

/**
 * The stretch in which frames i of `a` and i - shift of `b` agree best: that with the largest sum of
 * (ALIKE - share of bits that differ) over its frames, found by Kadane's algorithm.
 */
export function bestOverlap(a: Uint32Array, b: Uint32Array, shift: number): Overlap | undefined {
  const begin = Math.max(0, shift);
  const end = Math.min(a.length, b.length + shift);
  const allowed = ALIKE * BITS;
  let [sum, start, best] = [0, begin, 0];
  let [bestStart, bestEnd] = [begin, begin];
  for (let i = begin; i < end; i++) {
    sum += allowed - difference(a[i], b[i - shift]);
    if (sum <= 0) {
      sum = 0;
      start = i + 1;
    } else if (sum > best) {
      best = sum;
      bestStart = start;
      bestEnd = i + 1;
    }
  }
  if (best === 0) return undefined;
  const frames = bestEnd - bestStart;
  return { first: bestStart, frames, errorRate: errorRate(a, b, shift, bestStart, bestEnd) };
}

/** Share of bits that differ between frames begin … end - 1 of `a` and those of `b`, as far as both recordings go. */
export function errorRate(a: Uint32Array, b: Uint32Array, shift: number, begin: number, end: number): number {
  const first = Math.max(0, shift, begin);
  const last = Math.min(a.length, b.length + shift, end);
  let bits = 0;
  for (let i = first; i < last; i++) bits += difference(a[i], b[i - shift]);
  return bits / BITS / Math.max(1, last - first);
}

/**
 * The mean error rate within an overlap where one recording is moved by half a second to 1.3 s. For the same sound it is
 * that of any two; steady sounds agree with each other wherever they are put, without being the same recording.
 */
export function displacedErrorRate(
  a: Uint32Array,
  b: Uint32Array,
  shift: number,
  { first, frames }: Overlap,
): number {
  let sum = 0;
  for (const frame of DISPLACEMENTS) {
    // Both frames of each pair lie in the overlap.
    sum += errorRate(a, b, shift - frame, first, first + frames - frame);
    sum += errorRate(a, b, shift + frame, first + frame, first + frames);
  }
  return sum / (2 * DISPLACEMENTS.length);
}

/** Bits that differ; half of them where one of the two is silent, which says nothing. */
function difference(a: number, b: number): number {
  return a === SILENCE || b === SILENCE ? BITS / 2 : countBits(a ^ b);
}
