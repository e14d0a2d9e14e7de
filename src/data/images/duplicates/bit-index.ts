/**
 * @file Fingerprints within a Hamming distance of another, found without comparing all. Browser-safe.
 *
 * 64 bits that differ in at most 11 differ in at most 2 in one of their four quarters: each quarter has a table of 2¹⁶ lists, and 137 of
 * them are looked into (Norouzi, Punjani and Fleet, Multi-Index Hashing, CVPR 2012).
 */

import type { PictureFingerprint } from "./fingerprint.ts";

/** Bits of 64. */
export const MOST_DIFFERENT = 11;

const QUARTERS = 4;
const QUARTER_BITS = 16;
const QUARTER_RADIUS = Math.floor(MOST_DIFFERENT / QUARTERS);
const NONE = -1;

/** Changes of a quarter in at most two bits. */
const CHANGES: readonly number[] = changesOf(QUARTER_RADIUS, 0);

type Words = PictureFingerprint["words"];

export class BitIndex {
  private readonly words: Words[] = [];
  /** `[quarter][value]`: the fingerprint that was added last; `next` has the one before it. */
  private readonly last = Array.from({ length: QUARTERS }, () =>
    new Int32Array(2 ** QUARTER_BITS).fill(NONE),
  );
  private readonly next = Array.from({ length: QUARTERS }, (): number[] => []);
  /** For each fingerprint the search that met it last. */
  private readonly met: number[] = [];

  /** The numbers of those added so far that differ in at most 11 bits, in the order of adding; then adds it. */
  findAndAdd(words: Words): number[] {
    const number = this.words.length;
    const found: number[] = [];
    for (let quarter = 0; quarter < QUARTERS; quarter++) {
      const value = quarterOf(words, quarter);
      for (const change of CHANGES) {
        for (let i = this.last[quarter][value ^ change]; i !== NONE; i = this.next[quarter][i]) {
          if (this.met[i] === number) continue;
          this.met[i] = number;
          if (distance(this.words[i], words) <= MOST_DIFFERENT) found.push(i);
        }
      }
    }
    this.words.push(words);
    this.met.push(NONE);
    for (let quarter = 0; quarter < QUARTERS; quarter++) {
      const value = quarterOf(words, quarter);
      this.next[quarter].push(this.last[quarter][value]);
      this.last[quarter][value] = number;
    }
    return found.sort((a, b) => a - b);
  }
}

/** The number of bits that differ. */
export function distance(a: Words, b: Words): number {
  return onesIn(a[0] ^ b[0]) + onesIn(a[1] ^ b[1]);
}

function quarterOf(words: Words, quarter: number): number {
  return (words[quarter >> 1] >>> (QUARTER_BITS * (quarter & 1))) & 0xffff;
}

function onesIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function changesOf(bits: number, from: number): number[] {
  if (bits === 0) return [0];
  const others = Array.from({ length: QUARTER_BITS - from }, (_, i) => from + i);
  return [0, ...others.flatMap((bit) => changesOf(bits - 1, bit + 1).map((change) => change | (1 << bit)))];
}
