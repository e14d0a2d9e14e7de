/**
 * @file The strokes of which digits are drawn, as broken lines. Only + - × ÷ and square roots, here and in the
 * whole folder: JavaScript engines may differ in the last bit of sin, cos, exp and log, and the same seed shall give
 * the same bytes everywhere. Browser-safe.
 */

/** `[x, y]`; in a glyph's box x grows to the right and y downwards. */
export type Point = readonly [number, number];

/** A broken line. */
export type Stroke = readonly Point[];

/** Pieces into which a curve is cut between two of its points. */
const PIECES = 5;

/** Straight from point to point. */
export function lines(...points: readonly Point[]): Stroke {
  return points;
}

/** A smooth curve through the points, from the first to the last. */
export function curve(...points: readonly Point[]): Stroke {
  return spline([points[0], ...points, points[points.length - 1]]);
}

/** A smooth closed curve through the points. */
export function loop(...points: readonly Point[]): Stroke {
  const last = points.length - 1;
  return spline([points[last], ...points, points[0], points[1]]);
}

/** The ellipse with the given centre and radii, as a loop through 8 points. */
export function ellipse(x: number, y: number, radiusX: number, radiusY: number): Stroke {
  const dx = radiusX * Math.SQRT1_2;
  const dy = radiusY * Math.SQRT1_2;
  return loop(
    [x, y - radiusY],
    [x + dx, y - dy],
    [x + radiusX, y],
    [x + dx, y + dy],
    [x, y + radiusY],
    [x - dx, y + dy],
    [x - radiusX, y],
    [x - dx, y - dy],
  );
}

/** Catmull and Rom's spline: through all points but the first and the last, which only give the end tangents. */
function spline(points: readonly Point[]): Stroke {
  const stroke: Point[] = [points[1]];
  for (let span = 1; span < points.length - 2; span++) {
    const [before, from, to, after] = points.slice(span - 1, span + 3);
    for (let piece = 1; piece <= PIECES; piece++) {
      const t = piece / PIECES;
      stroke.push([
        between(before[0], from[0], to[0], after[0], t),
        between(before[1], from[1], to[1], after[1], t),
      ]);
    }
  }
  return stroke;
}

/** One coordinate between `b` (t = 0) and `c` (t = 1), with the tangents (c - a) / 2 and (d - b) / 2. */
function between(a: number, b: number, c: number, d: number, t: number): number {
  const linear = c - a;
  const quadratic = 2 * a - 5 * b + 4 * c - d;
  const cubic = 3 * (b - c) + d - a;
  return b + 0.5 * t * (linear + t * (quadratic + t * cubic));
}
