/** Counts from 0 to below `count`, for blocks that repeat. */
export function indices(count: number): number[] {
  return Array.from({ length: Math.max(0, count) }, (_, i) => i);
}
