/** @file A sample of a list that stands for the whole, as neighbours are often of one class. Browser-safe. */

/** Returns up to `most` of the numbers 0 … count-1, at equal distances from the first on: the same ones for the same counts. */
export function evenPlaces(count: number, most: number): number[] {
  const places = Math.min(count, most);
  return Array.from({ length: places }, (_, i) => Math.floor((i * count) / places));
}

/** Returns up to `most` entries at equal distances, in their order. */
export function evenlySpaced<T>(entries: readonly T[], most: number): T[] {
  return evenPlaces(entries.length, most).map((place) => entries[place]);
}
