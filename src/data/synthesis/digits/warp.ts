/** @file Random bending, slanting and placing of a glyph's points. Browser-safe; see strokes.ts on arithmetic. */

import type { Generator } from "../../../random/generator.ts";
import type { Point } from "./strokes.ts";

/** Control points of the bending along each axis: 4 weigh on each point, so 3 cells of the box. */
const GRID = 6;

/** Cells along each axis of the unit box. */
const CELLS = GRID - 3;

/** A map of the plane. */
export type Warp = (point: Point) => Point;

/**
 * A smooth random bending of the unit box: a uniform cubic B-spline over a grid of random displacements, the
 * geometric kin of the elastic distortions of Simard, Steinkraus and Platt (2003).
 * @param strength the greatest displacement of a control point, in heights of the box.
 */
export function elasticWarp(random: Generator, strength: number): Warp {
  const displacements = Float64Array.from(
    { length: 2 * GRID * GRID },
    () => (2 * random.uniform() - 1) * strength,
  );
  return ([x, y]) => {
    const column = cellOf(x);
    const row = cellOf(y);
    const weightsX = splineWeights(x * CELLS - column);
    const weightsY = splineWeights(y * CELLS - row);
    let dx = 0;
    let dy = 0;
    for (let j = 0; j < 4; j++) {
      for (let i = 0; i < 4; i++) {
        const weight = weightsX[i] * weightsY[j];
        const at = 2 * ((row + j) * GRID + column + i);
        dx += weight * displacements[at];
        dy += weight * displacements[at + 1];
      }
    }
    return [x + dx, y + dy];
  };
}

/** Points a little outside of the box belong to the cell at the border, whose polynomial is continued. */
function cellOf(coordinate: number): number {
  return Math.min(CELLS - 1, Math.max(0, Math.floor(coordinate * CELLS)));
}

/** The four cubic B-spline weights at t of a cell; their sum is 1. */
function splineWeights(t: number): readonly number[] {
  const s = 1 - t;
  return [
    (s * s * s) / 6,
    (3 * t * t * t - 6 * t * t + 4) / 6,
    (3 * s * s * s - 6 * s * s + 4) / 6,
    (t * t * t) / 6,
  ];
}

/**
 * A random placing in the picture: size, width, slant, rotation and shift.
 * @param size pixels along each side of the picture.
 */
export function affineWarp(random: Generator, size: number): Warp {
  const vary = (centre: number, spread: number) => centre + (2 * random.uniform() - 1) * spread;
  const height = vary(0.64, 0.14) * size;
  const width = height * vary(0.86, 0.22);
  const slant = vary(0.12, 0.3);
  // Cosine and sine of an angle whose half has the tangent t: at most 17° here.
  const t = vary(0, 0.15);
  const cosine = (1 - t * t) / (1 + t * t);
  const sine = (2 * t) / (1 + t * t);
  const centreX = size / 2 + vary(0, 0.11) * size;
  const centreY = size / 2 + vary(0, 0.11) * size;
  return ([x, y]) => {
    const v = (y - 0.5) * height;
    const u = (x - 0.5) * width - slant * v;
    return [centreX + cosine * u - sine * v, centreY + sine * u + cosine * v];
  };
}
