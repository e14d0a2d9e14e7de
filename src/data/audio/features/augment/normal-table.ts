/** @file Many normal random numbers quickly. Browser-safe. */

import { Generator } from "../../../../random/generator.ts";

/** A power of two, so that 16 bits choose an entry. */
const ENTRIES = 65536;

let table: Float32Array | undefined;

/**
 * 65,536 draws from the standard normal law, shifted and scaled to mean 0 and variance 1; the same in every
 * process.
 */
function normalTable(): Float32Array {
  if (table) return table;
  const random = new Generator(0x6e6f726d);
  const draws = Float64Array.from({ length: ENTRIES }, () => random.normal());
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / ENTRIES;
  const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / ENTRIES;
  table = Float32Array.from(draws, (draw) => (draw - mean) / Math.sqrt(variance));
  return table;
}

/**
 * Adds normal noise of mean 0 and the given standard deviation, independent from value to value.
 *
 * Draws at random from a table of normal numbers, two for each random word: ten times as fast as Box and
 * Muller's formula, which would take longer over a batch of waveforms than a small network does.
 */
export function addNormal(values: Float32Array, deviation: number, random: Generator): void {
  const normal = normalTable();
  const pairs = values.length - (values.length % 2);
  for (let i = 0; i < pairs; i += 2) {
    const word = random.uint32();
    values[i] += deviation * normal[word >>> 16];
    values[i + 1] += deviation * normal[word & (ENTRIES - 1)];
  }
  if (pairs < values.length) values[pairs] += deviation * normal[random.uint32() >>> 16];
}
