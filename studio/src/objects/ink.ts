/** @file Digits drawn by hand: strokes of a pen, as text in the address, and as the grey picture that a network sees. */

/** A point in pixels of the picture, from its upper left corner. */
export type Point = readonly [x: number, y: number];
export type Stroke = readonly Point[];

/** Pixels along each side. */
export const INK_SIZE = 28;

/** Half the width of the pen and how far its border fades, in pixels: the middle of those that draw the library's digits. */
const HALF_WIDTH = 1.3;
const SOFTNESS = 1.2;

/** The longer side of a drawing that is fitted into the picture, between the middles of its strokes. */
const FITTED = 18;

/** Digits of a coordinate in half pixels; all of them stay as they are in an address. */
const SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";

/** Two symbols for each point, a full stop between strokes. */
export function writeStrokes(strokes: readonly Stroke[]): string {
  const symbol = (value: number) =>
    SYMBOLS[Math.min(2 * INK_SIZE, Math.max(0, Math.round(2 * value)))] ?? SYMBOLS[0];
  return strokes.map((stroke) => stroke.map(([x, y]) => `${symbol(x)}${symbol(y)}`).join("")).join(".");
}

/** @returns undefined for a text that is no drawing */
export function readStrokes(text: string): readonly Stroke[] | undefined {
  if (text === "") return [];
  const strokes = text.split(".").map((part): Stroke | undefined => {
    const values = [...part].map((character) => SYMBOLS.indexOf(character) / 2);
    if (values.length === 0 || values.length % 2 !== 0) return undefined;
    if (values.some((value) => value < 0 || value > INK_SIZE)) return undefined;
    return Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i] ?? 0, values[2 * i + 1] ?? 0]);
  });
  return strokes.every((stroke) => stroke !== undefined) ? strokes : undefined;
}

/** The same drawing in the middle of the picture, and as large as most of the library's digits. */
export function fitted(strokes: readonly Stroke[]): readonly Stroke[] {
  const points = strokes.flat();
  if (points.length === 0) return strokes;
  const [left, top, right, bottom] = boundsOf(points);
  const scale = FITTED / Math.max(right - left, bottom - top, 1);
  const centre = INK_SIZE / 2;
  return strokes.map((stroke) =>
    stroke.map(([x, y]) => [
      centre + scale * (x - (left + right) / 2),
      centre + scale * (y - (top + bottom) / 2),
    ]),
  );
}

function boundsOf(
  points: readonly Point[],
): readonly [left: number, top: number, right: number, bottom: number] {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x), Math.max(bottom, y)];
  }
  return [left, top, right, bottom];
}

/** The picture, row by row, 0 for paper and 1 for ink. A stroke of one point is a dot. */
export function inkOf(strokes: readonly Stroke[]): Float32Array {
  const picture = new Float32Array(INK_SIZE * INK_SIZE);
  const reach = HALF_WIDTH + SOFTNESS / 2;
  for (const stroke of strokes) {
    stroke.forEach((point, i) => {
      const from = stroke[i - 1] ?? point;
      if (stroke.length > 1 && i === 0) return;
      const [left, top, right, bottom] = boundsOf([from, point]);
      for (let row = first(top - reach); row <= last(bottom + reach); row++) {
        for (let column = first(left - reach); column <= last(right + reach); column++) {
          const covered = (reach - distanceTo([column + 0.5, row + 0.5], from, point)) / SOFTNESS;
          const at = row * INK_SIZE + column;
          picture[at] = Math.max(picture[at] ?? 0, Math.min(1, covered));
        }
      }
    });
  }
  return picture;
}

const first = (value: number) => Math.max(0, Math.floor(value));
const last = (value: number) => Math.min(INK_SIZE - 1, Math.floor(value));

/** The distance of a point from a segment. */
function distanceTo([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const squared = dx * dx + dy * dy;
  const t = squared > 0 ? Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / squared)) : 0;
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
