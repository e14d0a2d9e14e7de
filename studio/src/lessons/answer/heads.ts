/** @file The ways to make a row of numbers of feature maps, for the dense layer that comes next. */

/** "flatten" puts all values in a row; "global" takes the mean of each map. */
export type Head = "flatten" | "global";

export const MAPS = 16;
export const HEAD_CLASSES = 10;
/** The size of the pictures that the dense layer was made for; its maps are 5 × 5. */
export const TRAINED_SIZE = 28;

/** How many numbers the dense layer was made for. */
export function featuresFor(head: Head): number {
  return head === "global" ? MAPS : MAPS * 5 * 5;
}

/** The place of a map's value in the row that flattening makes: channels run fastest. */
export function flatIndex(row: number, column: number, map: number, columns: number): number {
  return (row * columns + column) * MAPS + map;
}

/** The value at a place of that row. */
export function unflattened(index: number, columns: number): { row: number; column: number; map: number } {
  const place = Math.floor(index / MAPS);
  return { row: Math.floor(place / columns), column: place % columns, map: index % MAPS };
}
