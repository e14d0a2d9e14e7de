/**
 * @file How a real Fourier transform is taken apart, and the tables that follow from it.
 *
 * Decimation in time: transforms of few samples (the leaves), then passes that each make one transform of 4·m out of
 * four of length m. Sub-transform q of length N/4 is that of the samples q, q + 4, q + 8 …; it fills the q-th quarter of
 * the scratch memory, so that every pass works in place and the last one leaves the bins in natural order.
 *
 * A transform of real samples of length m is kept in m words, "half-complex": the real part of bin k at k, its imaginary
 * part at m - k (bin 0, and m/2 where m is even, have none).
 */
import { DOUBLE_BYTES, FLOAT_BYTES } from "../kernel.ts";

const LARGEST_TRANSFORM = 32768;
/** Leaves are summed directly where they are no power of two: this bounds their time, which grows with their square. */
const LARGEST_LEAF = 2048;

/** For messages. */
export const TRANSFORM_SIZES = `an even number up to ${LARGEST_LEAF}, or up to ${LARGEST_TRANSFORM} if no odd number above ${LARGEST_LEAF / 2 - 1} divides it`;

export function isTransformSize(fftSize: number): boolean {
  const isEven = Number.isInteger(fftSize / 2) && fftSize > 0;
  return isEven && fftSize <= LARGEST_TRANSFORM && leafSize(fftSize) <= LARGEST_LEAF;
}

/** Samples of a leaf: 4 or 8 for powers of two, else the size's odd divisor or twice that, whichever leaves a power of 4. */
export function leafSize(fftSize: number): number {
  let odd = fftSize;
  while (odd % 2 === 0) odd /= 2;
  const isSquare = Math.log2(fftSize / odd) % 2 === 0;
  if (odd > 1) return isSquare ? odd : 2 * odd;
  return fftSize <= 8 ? fftSize : isSquare ? 4 : 8;
}

/** Whether the leaves are sums over all of their samples, and not written out. */
export function hasDirectLeaves(fftSize: number): boolean {
  const leaf = leafSize(fftSize);
  return leaf === fftSize || (leaf !== 4 && leaf !== 8);
}

/** Lengths m of the transforms that the passes combine, shortest first. */
export function passLengths(fftSize: number): number[] {
  const lengths: number[] = [];
  for (let length = leafSize(fftSize); length < fftSize; length *= 4) lengths.push(length);
  return lengths;
}

/** Bins of a real transform that have an imaginary part: 1 … this. */
export function complexBins(length: number): number {
  return Math.floor((length - 1) / 2);
}

/** Bytes of the twiddle table before those of the pass that combines transforms of length m. */
export function twiddleOffset(fftSize: number, length: number): number {
  return passLengths(fftSize)
    .filter((earlier) => earlier < length)
    .reduce((bytes, earlier) => bytes + 6 * DOUBLE_BYTES * complexBins(earlier), 0);
}

/** For each pass and its bins j = 1 … (m - 1) / 2: cos, sin of 2π·j·q / 4m for q = 1, 2, 3. */
export function twiddleTable(fftSize: number): Int32Array {
  const table: number[] = [];
  for (const length of passLengths(fftSize)) {
    for (let bin = 1; bin <= complexBins(length); bin++) {
      for (const q of [1, 2, 3]) {
        const angle = (2 * Math.PI * bin * q) / (4 * length);
        table.push(Math.cos(angle), Math.sin(angle));
      }
    }
  }
  return doubleTable(table);
}

/** cos, sin of 2π·i / L for a leaf of L samples that is summed directly; otherwise there is nothing in it. */
export function rootTable(fftSize: number): Int32Array {
  if (!hasDirectLeaves(fftSize)) return doubleTable([]);
  const leaf = leafSize(fftSize);
  const angles = Array.from({ length: leaf }, (_, i) => (2 * Math.PI * i) / leaf);
  return doubleTable(angles.flatMap((angle) => [Math.cos(angle), Math.sin(angle)]));
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

/** Byte offsets of the leaves that begin with samples 0, 1, 2 … */
export function leafTable(fftSize: number, lanes: number): Int32Array {
  const count = fftSize / leafSize(fftSize);
  return Int32Array.from({ length: count }, (_, i) => leafPosition(fftSize, i) * lanes * FLOAT_BYTES);
}

/** All tables of a size that the kernel reads, in its order. */
export function transformTables(fftSize: number, lanes: number): Int32Array[] {
  return [twiddleTable(fftSize), leafTable(fftSize, lanes), rootTable(fftSize)];
}

/** Numbers in double precision as the words that kernels read; never empty. */
export function doubleTable(numbers: ArrayLike<number>): Int32Array {
  return new Int32Array(Float64Array.from(numbers.length > 0 ? numbers : [0]).buffer);
}
