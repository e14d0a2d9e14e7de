/** @file Fingerprints for tests. */

import { Generator } from "../../../../random/generator.ts";

/** Words of which no two have to do with each other. */
export function randomWords(length: number, seed: number): Uint32Array {
  const random = new Generator(seed);
  return Uint32Array.from({ length }, () => random.uint32() || 1);
}

/** With some bits of each word flipped, other ones in each. */
export function withErrors(words: Uint32Array, bits: number): Uint32Array {
  return words.map((word, i) => {
    let mask = 0;
    for (let k = 0; k < bits; k++) mask |= 1 << ((i + 5 * k) % 32);
    return word ^ mask;
  });
}

/** Words of which every `period`-th stays as it is, and the others have wrong bits. */
export function withErrorsBetween(words: Uint32Array, bits: number, period: number): Uint32Array {
  return withErrors(words, bits).map((word, i) => (i % period === 0 ? words[i] : word));
}
