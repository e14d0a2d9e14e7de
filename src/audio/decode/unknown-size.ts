/** @file Sizes that writers put into a header when they do not know them, since they write to a pipe. Browser-safe. */

/** sox (aiff), then what most others count back from: the largest signed and unsigned number of 32 bits. */
const PLACEHOLDERS = [0x7f000000, 2 ** 31, 2 ** 32];
/** Headers are added or taken off, and whole frames or kilobytes rounded to: sox writes 0x7ffff000, lame 0xffffffd0. */
const NEAR = 65_536;

/** Whether a number of bytes or frames stands for "not known". 0 is not among them: it may be meant. */
export function isPlaceholder(size: number): boolean {
  return PLACEHOLDERS.some((placeholder) => Math.abs(size - placeholder) <= NEAR);
}
