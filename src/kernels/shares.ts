/**
 * @file How items in a row (blocks of channels, tiles, images) are shared out among units.
 *
 * A share ends where the next one begins, and a range of blocks is cut in two where the full blocks end. So every item is in
 * exactly one share, whether or not their numbers come out even: two units that computed the same item would write the
 * same memory at the same time.
 */
import type { KernelBuilder } from "../machine/builder.ts";
import type { IntExpression } from "../machine/ir.ts";

/** As many units of a call as keep a handful of threads evenly busy. */
export const ENOUGH_UNITS = 16;

/** `length` items in blocks of `width`; the last block may have fewer. */
export interface Blocks {
  readonly length: number;
  readonly width: number;
}

export function blockCount({ length, width }: Blocks): number {
  return Math.ceil(length / width);
}

/** The number of shares, at most `wanted`: as few as keep the largest share as small as `wanted` shares would. */
export function shareCount(items: number, wanted: number): number {
  return Math.ceil(items / largestShare(items, Math.min(items, wanted)));
}

/** Items of the largest of so many shares. */
export function largestShare(items: number, shares: number): number {
  return Math.ceil(items / shares);
}

/** Items from one number up to another. */
export interface Range {
  readonly from: IntExpression;
  readonly to: IntExpression;
}

/** The items of one of several shares, whose sizes differ by 1 at most. */
export function rangeOfShare(k: KernelBuilder, items: number, shares: number, share: IntExpression): Range {
  if (shares === 1) return { from: k.int(0), to: k.int(items) };
  const cut = (number: IntExpression) => k.intVariable(k.divide(k.multiply(number, items), shares));
  return { from: cut(share), to: cut(k.add(share, 1)) };
}

/**
 * Writes code for a range of blocks.
 * @param body gets a block's number and its number of items; it is called once for full blocks and once for a last one with fewer
 */
export function forEachBlock(
  k: KernelBuilder,
  { length, width }: Blocks,
  { from, to }: Range,
  body: (block: IntExpression, count: number) => void,
): void {
  const full = Math.floor(length / width);
  const rest = length % width;
  if (from.kind === "int" && to.kind === "int") {
    k.loop(from, Math.min(to.value, full), 1, (block) => body(block, width));
    if (rest > 0 && from.value <= full && full < to.value) body(k.int(full), rest);
    return;
  }
  if (full > 0) {
    const end = rest > 0 ? k.intVariable(k.minimum(to, full)) : to;
    k.loop(from, end, 1, (block) => body(block, width));
  }
  if (rest > 0) k.loop(k.intVariable(k.maximum(from, full)), to, 1, (block) => body(block, rest));
}

/** Writes code for the block of a number that is known only when the kernel runs. */
export function atBlock(
  k: KernelBuilder,
  { length, width }: Blocks,
  block: IntExpression,
  body: (count: number) => void,
): void {
  const full = Math.floor(length / width);
  const rest = length % width;
  if (rest === 0) body(width);
  else if (full === 0) body(rest);
  else {
    k.ifAtLeast(full - 1, block, () => body(width));
    k.ifAtLeast(block, full, () => body(rest));
  }
}
