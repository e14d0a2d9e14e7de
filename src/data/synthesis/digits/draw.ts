/** @file Drawing strokes into a grey picture, anti-aliased. Browser-safe; see strokes.ts on arithmetic. */

import type { Stroke } from "./strokes.ts";

export interface Pen {
  /** Half the stroke's width at its beginning and at its end, in pixels. */
  readonly halfWidths: readonly [number, number];
  /** Over how many pixels the border fades; 1 is plain anti-aliasing. */
  readonly softness: number;
}

/**
 * Raises each pixel of `picture` (size × size, 0 … 1) to what the stroke covers of it. Points are in pixels;
 * pixel (0, 0) has its centre at (0.5, 0.5). Parts outside are cut off.
 */
export function drawStroke(picture: Float32Array, size: number, stroke: Stroke, pen: Pen): void {
  const [first, last] = pen.halfWidths;
  for (let i = 1; i < stroke.length; i++) {
    const halfWidth = first + ((last - first) * i) / stroke.length;
    drawSegment(picture, size, stroke[i - 1], stroke[i], halfWidth, pen.softness);
  }
}

function drawSegment(
  picture: Float32Array,
  size: number,
  [ax, ay]: readonly [number, number],
  [bx, by]: readonly [number, number],
  halfWidth: number,
  softness: number,
): void {
  const reach = halfWidth + softness / 2;
  const left = Math.max(0, Math.floor(Math.min(ax, bx) - reach));
  const right = Math.min(size - 1, Math.floor(Math.max(ax, bx) + reach));
  const top = Math.max(0, Math.floor(Math.min(ay, by) - reach));
  const bottom = Math.min(size - 1, Math.floor(Math.max(ay, by) + reach));
  const dx = bx - ax;
  const dy = by - ay;
  const lengthSquared = dx * dx + dy * dy;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - ax;
      const py = row + 0.5 - ay;
      // The nearest point of the segment is at the fraction t of it.
      const t = lengthSquared > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / lengthSquared)) : 0;
      const x = px - t * dx;
      const y = py - t * dy;
      const covered = Math.min(1, (reach - Math.sqrt(x * x + y * y)) / softness);
      const at = row * size + column;
      if (covered > picture[at]) picture[at] = covered;
    }
  }
}
