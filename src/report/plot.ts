/**
 * @file A chart's frame: an SVG that is stretched to the room there is, with its labels as HTML around it, so that they
 * keep their size on a phone. Browser-safe.
 */

import type { Axis, Tick } from "./axis.ts";
import { html, type Content, type Html } from "./html.ts";

/** The SVG's user units across and down; strokes are in pixels (`non-scaling-stroke`). */
const UNITS = 1000;

export interface PlotOptions {
  readonly x: Axis;
  readonly y: Axis;
  /** For those who do not see it. */
  readonly description: string;
  /** SVG elements; see {@link pointOf}. */
  readonly drawing: Content;
  /** HTML above the drawing. */
  readonly overlay?: Content;
}

export function plot({ x, y, description, drawing, overlay }: PlotOptions): Html {
  const grid = y.ticks.map(({ position }) => `M0 ${units(1 - position)}H${UNITS}`).join("");
  return html`<div class="plot">
    <div class="y-label">${y.label}</div>
    <div class="y-ticks" aria-hidden="true">${y.ticks.map((tick) => tickLabel(tick, "bottom"))}</div>
    <div class="area">${svg(description, html`<path class="grid" d="${grid}" />${drawing}`)}${overlay}</div>
    <div class="x-ticks" aria-hidden="true">${x.ticks.map((tick) => tickLabel(tick, "left"))}</div>
    <div class="x-label">${x.label}</div>
  </div>`;
}

/** A stretched drawing of {@link UNITS} by as many. */
export function svg(description: string, drawing: Content): Html {
  return html`<svg
    viewBox="0 0 ${UNITS} ${UNITS}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${description}"
  >
    ${drawing}
  </svg>`;
}

export function tickLabel({ position, text }: Tick, side: "left" | "bottom"): Html {
  return html`<span style="${side}:${percent(position)}">${text}</span>`;
}

/** "12.5%" for CSS. */
export function percent(part: number): string {
  return `${Number((100 * part).toFixed(2))}%`;
}

/** "x y" in the SVG's units for a place 0 … 1 from the left and 0 … 1 from below. */
export function pointOf(x: number, y: number): string {
  return `${units(x)} ${units(1 - y)}`;
}

export function units(part: number): number {
  return Number((UNITS * part).toFixed(1));
}

/** A path through points; null interrupts it, and a point between two gaps is a dot. */
export function linePath(points: readonly (readonly [x: number, y: number] | null)[]): string {
  let isDown = false;
  let path = "";
  for (const point of points) {
    if (point) path += `${isDown ? "L" : "M"}${pointOf(...point)}${isDown ? "" : "h0"}`;
    isDown = point !== null;
  }
  return path;
}

/** A path of dots, which round ends of the stroke make; circles would be stretched with the drawing. */
export function dotPath(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map((point) => `M${pointOf(...point)}h0`).join("");
}
