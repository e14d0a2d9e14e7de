/** @file The meaning of bfloat16 numbers and pairs of them: two in the halves of a word, the first in the lower one. */

const scratch = new Float32Array(1);
const scratchWords = new Uint32Array(scratch.buffer);

/** A float rounded to bfloat16, ties to even, as its 16 bits; subnormal floats are 0. */
export function bfloat16Bits(value: number): number {
  scratch[0] = value;
  const [word] = scratchWords;
  const sign = (word >>> 16) & 0x8000;
  if ((word & 0x7f800000) === 0) return sign;
  if (Number.isNaN(value)) return (word >>> 16) | 0x40;
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
}

/** The float of 16 bits; subnormal numbers are 0. */
export function floatOfBfloat16(bits: number): number {
  if ((bits & 0x7f80) === 0) return bits & 0x8000 ? -0 : 0;
  scratchWords[0] = bits << 16;
  return scratch[0];
}

/** Two numbers in a word. */
export function pairOf(lower: number, upper: number): number {
  return bfloat16Bits(lower) | (bfloat16Bits(upper) << 16);
}

/** With a and b as pairs, as VDPBF16PS (Intel SDM vol. 2): the upper products first, each sum rounded, subnormal sums 0. */
export function multiplyAddPair(a: number, b: number, c: number): number {
  const lower = floatOfBfloat16(a & 0xffff) * floatOfBfloat16(b & 0xffff);
  const upper = floatOfBfloat16(a >>> 16) * floatOfBfloat16(b >>> 16);
  return normal(lower + normal(upper + normal(c)));
}

const LEAST_NORMAL = 2 ** -126;

function normal(value: number): number {
  const rounded = Math.fround(value);
  return Math.abs(rounded) < LEAST_NORMAL ? 0 * rounded : rounded;
}
