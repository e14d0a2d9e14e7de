/** @file Random draws by name. Browser-safe. */

import type { Generator } from "../../../../random/generator.ts";

/** Uniform from `low` to `high`. */
export function between(random: Generator, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** One of the items, each as likely. */
export function pick<T>(random: Generator, items: readonly T[]): T {
  return items[random.integer(items.length)];
}

/** True with this probability. */
export function chance(random: Generator, probability: number): boolean {
  return random.uniform() < probability;
}

/** Mean 0, deviation 1, nearly normal and never beyond ±3: the sum of three uniform numbers. */
export function nearlyNormal(random: Generator): number {
  return 2 * (random.uniform() + random.uniform() + random.uniform()) - 3;
}
