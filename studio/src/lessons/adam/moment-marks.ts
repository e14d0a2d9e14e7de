/** @file Where along a path its moments are drawn, and how large. */
import type { Path } from "./paths.ts";

export interface MomentMark {
  readonly x: number;
  readonly y: number;
  /** Against the mean of gradients: where the optimizer wants to go. */
  readonly arrow: readonly [x: number, y: number];
  /** The roots of the mean squares; only of optimizers that keep these. */
  readonly radii?: readonly [x: number, y: number];
  readonly isLast: boolean;
}

/** Marks along a path, besides that at its end. */
const COUNT = 6;
/** The lengths of the longest arrow and of the largest radius, in weights. */
const LONGEST = 0.55;
const LARGEST = 0.4;

/** Marks at equal distances in steps up to a step; all arrows of one path have one scale, and so have its ellipses. */
export function momentMarks({ optimizer, points, means, roots }: Path, step: number): MomentMark[] {
  const count = means.length / 2;
  const last = Math.min(step, count - 1);
  if (last < 0) return [];
  const longest = largestOf(count, (i) => Math.hypot(means[2 * i], means[2 * i + 1]));
  const largest = largestOf(count, (i) => Math.max(roots[2 * i], roots[2 * i + 1]));
  const keepsSquares = optimizer === "rmsprop" || optimizer === "adam";
  const steps = new Set(Array.from({ length: COUNT + 1 }, (_, i) => Math.round((i * last) / COUNT)));
  return [...steps].map((at) => {
    const [x, y] = [points[2 * at], points[2 * at + 1]];
    const pair = (values: ArrayLike<number>, scale: number) =>
      [scale * values[2 * at], scale * values[2 * at + 1]] as const;
    return {
      x,
      y,
      arrow: pair(means, -LONGEST / longest),
      ...(keepsSquares && { radii: pair(roots, LARGEST / largest) }),
      isLast: at === last,
    };
  });
}

function largestOf(count: number, size: (i: number) => number): number {
  let most = Number.MIN_VALUE;
  for (let i = 0; i < count; i++) most = Math.max(most, size(i));
  return most;
}
