/**
 * @file How the ten digits are drawn: for each one or more ways, as people have, and each way with proportions that
 * vary. A digit fills a box 0 … 1 high and about 0.1 … 0.9 wide; x to the right, y downwards. Browser-safe.
 */

import { curve, ellipse, lines, type Stroke } from "./strokes.ts";

/** Draws a number around `centre`, at most `spread` away. */
export type Vary = (centre: number, spread: number) => number;

/** One way to draw a digit. */
export type Glyph = (vary: Vary) => readonly Stroke[];

function zero(vary: Vary): readonly Stroke[] {
  return [ellipse(0.5, 0.5, vary(0.31, 0.1), 0.5)];
}

/** Begun and ended at the top right, not quite closed or crossed. */
function zeroOpen(vary: Vary): readonly Stroke[] {
  const right = vary(0.8, 0.06);
  const gap = vary(0.02, 0.1);
  return [
    curve(
      [0.55 + gap, 0.03],
      [0.3, 0.1],
      [vary(0.18, 0.05), 0.45],
      [0.28, 0.85],
      [0.5, 1],
      [0.72, 0.85],
      [right, 0.5],
      [0.72, 0.15],
      [0.5 - gap, 0],
    ),
  ];
}

function onePlain(vary: Vary): readonly Stroke[] {
  return [lines([vary(0.5, 0.04), 0], [vary(0.5, 0.04), 1])];
}

function oneWithFlag(vary: Vary): readonly Stroke[] {
  return [lines([vary(0.28, 0.1), vary(0.25, 0.09)], [0.55, 0], [vary(0.55, 0.04), 1])];
}

function oneWithFoot(vary: Vary): readonly Stroke[] {
  const half = vary(0.24, 0.08);
  return [
    lines([vary(0.32, 0.08), vary(0.2, 0.08)], [0.52, 0], [0.52, 1]),
    lines([0.52 - half, 1], [0.52 + half, 1]),
  ];
}

function two(vary: Vary): readonly Stroke[] {
  const shoulder = vary(0.8, 0.06);
  return [
    curve(
      [vary(0.18, 0.06), vary(0.26, 0.07)],
      [0.28, 0.07],
      [0.5, 0],
      [0.72, 0.08],
      [shoulder, 0.28],
      [0.66, 0.54],
      [0.4, 0.8],
      [0.16, 1],
    ),
    lines([0.16, 1], [vary(0.82, 0.08), vary(0.98, 0.04)]),
  ];
}

/** With a loop at the bottom left. */
function twoWithLoop(vary: Vary): readonly Stroke[] {
  const low = vary(0.92, 0.03);
  return [
    curve(
      [vary(0.2, 0.05), vary(0.22, 0.06)],
      [0.34, 0.04],
      [0.6, 0.01],
      [0.76, 0.2],
      [0.66, 0.5],
      [0.42, 0.82],
      [0.22, 0.98],
      [0.14, 0.86],
      [0.28, 0.78],
      [0.52, low],
      [0.7, 1],
      [0.88, vary(0.88, 0.06)],
    ),
  ];
}

function three(vary: Vary): readonly Stroke[] {
  const waist = vary(0.47, 0.04);
  return [
    curve(
      [vary(0.2, 0.06), vary(0.14, 0.06)],
      [0.42, 0],
      [0.7, 0.08],
      [0.74, 0.28],
      [0.6, 0.43],
      [0.4, waist],
    ),
    curve(
      [0.4, waist],
      [0.68, 0.53],
      [vary(0.82, 0.05), 0.74],
      [0.66, 0.95],
      [0.4, 1],
      [0.16, vary(0.86, 0.07)],
    ),
  ];
}

/** With a straight top. */
function threeFlat(vary: Vary): readonly Stroke[] {
  const waist = vary(0.42, 0.05);
  return [
    lines([vary(0.2, 0.06), 0.02], [0.76, 0], [0.42, waist]),
    curve(
      [0.42, waist],
      [0.7, 0.48],
      [vary(0.82, 0.05), 0.7],
      [0.66, 0.95],
      [0.4, 1],
      [0.16, vary(0.86, 0.06)],
    ),
  ];
}

function fourClosed(vary: Vary): readonly Stroke[] {
  const bar = vary(0.68, 0.06);
  const stem = vary(0.64, 0.05);
  return [lines([stem, 1], [stem, 0], [0.12, bar], [vary(0.9, 0.06), bar])];
}

/** Two strokes that do not meet at the top. */
function fourOpen(vary: Vary): readonly Stroke[] {
  const bar = vary(0.55, 0.08);
  const stem = vary(0.72, 0.05);
  return [
    lines([vary(0.26, 0.08), vary(0.04, 0.04)], [0.17, bar], [vary(0.9, 0.05), bar + vary(0, 0.03)]),
    lines([stem, vary(0.08, 0.08)], [stem - vary(0.04, 0.06), 1]),
  ];
}

function five(vary: Vary): readonly Stroke[] {
  const corner = vary(0.27, 0.05);
  const bowl = vary(0.44, 0.04);
  return [
    lines([vary(0.78, 0.08), vary(0.01, 0.03)], [corner, 0], [corner - 0.05, bowl]),
    curve(
      [corner - 0.05, bowl],
      [0.46, 0.37],
      [0.72, 0.46],
      [vary(0.82, 0.05), 0.68],
      [0.68, 0.93],
      [0.4, 1],
      [0.15, vary(0.9, 0.06)],
    ),
  ];
}

/** The bowl first, the top bar set on last and not always joined. */
function fiveTwoStrokes(vary: Vary): readonly Stroke[] {
  const top = vary(0.06, 0.05);
  return [
    curve([0.3, top], [0.26, 0.2], [0.24, 0.42]),
    curve(
      [0.24, 0.42],
      [0.5, 0.39],
      [0.74, 0.52],
      [vary(0.78, 0.05), 0.74],
      [0.6, 0.96],
      [0.18, vary(0.96, 0.05)],
    ),
    lines([vary(0.33, 0.05), 0.02], [vary(0.82, 0.07), vary(0, 0.03)]),
  ];
}

function six(vary: Vary): readonly Stroke[] {
  const top = vary(0.46, 0.06);
  return [
    curve(
      [vary(0.7, 0.1), vary(0.03, 0.04)],
      [0.42, 0.14],
      [0.22, 0.42],
      [0.18, 0.72],
      [0.32, 0.95],
      [0.54, 1],
      [0.76, 0.9],
      [vary(0.8, 0.05), 0.7],
      [0.66, 0.52],
      [0.46, top + 0.04],
      [0.26, 0.58],
      [0.19, 0.72],
    ),
  ];
}

/** A nearly straight back on a small round bowl. */
function sixStraight(vary: Vary): readonly Stroke[] {
  const radius = vary(0.22, 0.04);
  const y = 1 - radius;
  return [curve([vary(0.58, 0.12), 0], [0.38, 0.3], [0.5 - radius, y]), ellipse(0.5, y, radius, radius)];
}

function seven(vary: Vary): readonly Stroke[] {
  return [lines([vary(0.16, 0.05), vary(0.02, 0.04)], [0.84, 0], [vary(0.4, 0.1), 1])];
}

function sevenBent(vary: Vary): readonly Stroke[] {
  return [
    lines([0.16, vary(0.16, 0.06)], [0.18, 0.02], [0.84, 0.02]),
    curve([0.84, 0.02], [vary(0.62, 0.05), 0.4], [0.46, 0.72], [vary(0.42, 0.06), 1]),
  ];
}

function sevenWithBar(vary: Vary): readonly Stroke[] {
  const y = vary(0.48, 0.06);
  return [...seven(vary), lines([vary(0.36, 0.06), y + vary(0, 0.03)], [vary(0.8, 0.06), y])];
}

function eight(vary: Vary): readonly Stroke[] {
  const waist = vary(0.46, 0.04);
  return [
    ellipse(0.5, waist / 2, vary(0.25, 0.05), waist / 2),
    ellipse(0.5, (1 + waist) / 2, vary(0.3, 0.05), (1 - waist) / 2),
  ];
}

/** In one stroke, crossed in the middle. */
function eightCrossed(vary: Vary): readonly Stroke[] {
  const end = vary(0.72, 0.06);
  return [
    curve(
      [end, vary(0.1, 0.05)],
      [0.5, 0],
      [0.26, 0.1],
      [0.28, 0.3],
      [0.52, 0.48],
      [vary(0.76, 0.05), 0.72],
      [0.66, 0.95],
      [0.46, 1],
      [0.24, 0.92],
      [vary(0.22, 0.04), 0.72],
      [0.46, 0.5],
      [0.7, 0.26],
      [end, 0.12],
    ),
  ];
}

function nine(vary: Vary): readonly Stroke[] {
  const radius = vary(0.25, 0.04);
  const right = vary(0.76, 0.03);
  return [
    ellipse(right - radius, radius, radius, radius),
    curve([right, radius], [right - 0.02, 0.55], [vary(0.66, 0.08), 1]),
  ];
}

/** With a tail that turns to the left. */
function nineCurled(vary: Vary): readonly Stroke[] {
  return [
    curve(
      [0.76, vary(0.2, 0.06)],
      [0.6, 0.02],
      [0.36, 0.04],
      [vary(0.22, 0.05), 0.26],
      [0.34, 0.48],
      [0.58, 0.46],
      [0.76, 0.22],
      [0.78, 0.56],
      [0.68, 0.88],
      [0.46, 1],
      [vary(0.22, 0.05), vary(0.9, 0.05)],
    ),
  ];
}

/** The ways to draw each digit, by digit. */
export const GLYPHS: readonly (readonly Glyph[])[] = [
  [zero, zeroOpen],
  [onePlain, oneWithFlag, oneWithFoot],
  [two, twoWithLoop],
  [three, threeFlat],
  [fourClosed, fourOpen],
  [five, fiveTwoStrokes],
  [six, sixStraight],
  [seven, sevenBent, sevenWithBar],
  [eight, eightCrossed],
  [nine, nineCurled],
];
