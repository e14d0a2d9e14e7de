/** @file A picture with axes and a title, as a file by itself. Browser-safe. */

import { blank, drawPicture, drawText, fillRectangle, INK, TEXT_HEIGHT, textWidth } from "./canvas.ts";
import type { RgbPicture } from "./canvas.ts";
import type { Scene } from "./explanation-data.ts";

/** Small pictures are enlarged until the longer side is at least so long. */
const LEAST_SIDE = 320;

const MARGIN = 12;
const TICK = 6;

/** Draws a scene, or a picture of the same size, within its axes. */
export function framed({ x, y, picture: own }: Scene, title: string, picture: RgbPicture = own): RgbPicture {
  const scale = Math.max(1, Math.ceil(LEAST_SIDE / Math.max(picture.width, picture.height)));
  const [width, height] = [picture.width * scale, picture.height * scale];
  const labels = [...y.ticks.map(({ text }) => text), y.unit];
  const left = MARGIN + Math.max(...labels.map(textWidth)) + TICK;
  const top = 2 * MARGIN + 2 * TEXT_HEIGHT;
  const right = left + width;
  const bottom = top + height;
  const marks = x.ticks.map(({ position, text }) => {
    const at = Math.round(left + position * width);
    return { at, text, place: Math.max(left - TICK, Math.round(at - textWidth(text) / 2)) };
  });
  // Beyond the last tick's text, which may reach past the picture.
  const unitPlace = Math.max(right, ...marks.map(({ place, text }) => place + textWidth(text))) + MARGIN;
  const total = Math.max(unitPlace + textWidth(x.unit), left + textWidth(title)) + MARGIN;
  const canvas = blank(total, bottom + TICK + TEXT_HEIGHT + 2 * MARGIN);
  drawText(canvas, title, left, MARGIN);
  drawText(canvas, y.unit, MARGIN, top - TEXT_HEIGHT - 4);
  drawPicture(canvas, picture, left, top, scale);
  for (const { position, text } of y.ticks) {
    const at = Math.round(bottom - position * height);
    fillRectangle(canvas, { x: left - TICK, y: at, width: TICK, height: 2 }, INK);
    drawText(canvas, text, left - TICK - 2 - textWidth(text), at - TEXT_HEIGHT / 2 + 1);
  }
  for (const { at, text, place } of marks) {
    fillRectangle(canvas, { x: at, y: bottom, width: 2, height: TICK }, INK);
    drawText(canvas, text, place, bottom + TICK + 2);
  }
  drawText(canvas, x.unit, unitPlace, bottom + TICK + 2);
  return canvas;
}
