/**
 * @file How a real Fourier transform of a power of two is taken apart, and the tables that follow from it.
 *
 * Decimation in time: transforms of 4 or 8 samples (the leaves), then passes that each make one transform of 4·m out of
 * four of length m. Sub-transform q of length N/4 is that of the samples q, q + 4, q + 8 …; it fills the q-th quarter of
 * the scratch memory, so that every pass works in place and the last one leaves the bins in natural order.
 *
 * A transform of real samples of length m is kept in m words, "half-complex": the real part of bin k at k, its imaginary
 * part at m - k (bins 0 and m/2 have none).
 */
import { FLOAT_BYTES } from "../kernel.ts";

export const SMALLEST_TRANSFORM = 64;
export const LARGEST_TRANSFORM = 32768;

/** Samples of a leaf: 4 or 8, whichever leaves a power of 4. */
export function leafSize(fftSize: number): 4 | 8 {
  return Math.log2(fftSize) % 2 === 0 ? 4 : 8;
}

/** Lengths m of the transforms that the passes combine, shortest first. */
export function passLengths(fftSize: number): number[] {
  const lengths: number[] = [];
  for (let length: number = leafSize(fftSize); length < fftSize; length *= 4) lengths.push(length);
  return lengths;
}

/** Words of the twiddle table before those of the pass that combines transforms of length m. */
export function twiddleOffset(fftSize: number, length: number): number {
  return passLengths(fftSize)
    .filter((earlier) => earlier < length)
    .reduce((words, earlier) => words + 6 * (earlier / 2 - 1), 0);
}

/** For each pass and its bins j = 1 … m/2 - 1: cos, sin of 2π·j·q / 4m for q = 1, 2, 3. */
export function twiddleTable(fftSize: number): Float32Array {
  const table: number[] = [];
  for (const length of passLengths(fftSize)) {
    for (let bin = 1; bin < length / 2; bin++) {
      for (const q of [1, 2, 3]) {
        const angle = (2 * Math.PI * bin * q) / (4 * length);
        table.push(Math.cos(angle), Math.sin(angle));
      }
    }
  }
  return Float32Array.from(table);
}

/** Where the leaf that begins with sample `sample` of a frame (below fftSize / leaf) is put, in vectors. */
export function leafPosition(fftSize: number, sample: number): number {
  let position = 0;
  let rest = sample;
  for (let length = fftSize / 4; length >= leafSize(fftSize); length /= 4) {
    position += (rest % 4) * length;
    rest = Math.floor(rest / 4);
  }
  return position;
}

/** Byte offsets of the leaves that begin with samples 0, lanes, 2·lanes … */
export function leafTable(fftSize: number, lanes: number): Int32Array {
  const count = fftSize / leafSize(fftSize) / lanes;
  return Int32Array.from({ length: count }, (_, i) => leafPosition(fftSize, i * lanes) * lanes * FLOAT_BYTES);
}
