/** @file Examples as points of a map, near each other where the model sees them alike. Browser-safe. */

import { linearAxis, rangeOf, type Axis } from "./axis.ts";
import { namesOf, type ExampleView } from "./example-views.ts";
import { html, type Html } from "./html.ts";
import { dotPath, plot } from "./plot.ts";
import type { EmbeddingLayout, Evaluation } from "./report-data.ts";

/** Classes by colours that are told apart on light and dark, also by the colour-blind as far as twelve can be. */
const COLORS = [
  "#0f86b8",
  "#e0761f",
  "#2a9d5c",
  "#c94f9b",
  "#b39a00",
  "#7a6ff0",
  "#d2453f",
  "#20a39e",
  "#8a6d4b",
  "#7f8c8d",
  "#5b9e1f",
  "#b06ad0",
];

/** The style of maps, besides that of all pages. */
export const MAP_STYLE = `
.point { stroke-width: 10px; stroke-linecap: round; stroke: var(--tone); }
#peek { position: fixed; z-index: 8; width: 19rem; max-width: 90vw; pointer-events: none; box-shadow: 0 .3rem 1.2rem rgb(0 0 0 / .35); }
#peek img { display: block; max-width: 100%; max-height: 12rem; margin: 0 auto; }
.ring { stroke-width: 15px; stroke-linecap: round; stroke: var(--ink); }
.map .plot { grid-template-rows: auto min(34rem, 90vw) 1.3rem auto; }
.map a:hover .point, .map a:focus-visible .point { stroke-width: 17px; }
.classes { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: 1rem 0; padding: 0; list-style: none; font-size: .92rem; }
.classes i { display: inline-block; width: .8rem; height: .8rem; border-radius: 50%; margin-right: .4rem; background: var(--tone); }
.charts.map { grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); }`;

/** The card of the point at the pointer, which the script fills in. */
export const PEEK = html`<div id="peek" class="example" hidden></div>`;

/** Draws layouts side by side. @param views the examples that are the points, in the order of the places */
export function mapCharts(
  evaluation: Evaluation,
  views: readonly ExampleView[],
  layouts: readonly EmbeddingLayout[],
): Html {
  const isRegression = evaluation.task === "regression";
  const canHear = views.some(({ result }) => result.preview?.audio);
  return html`<p class="note">
      Each point is an
      example${!isRegression && ", in the colour of its true class; one with a ring was predicted wrong"}.
      Point at one for its name, choose it to see${canHear && " and hear"} it.
    </p>
    ${legend(evaluation, views)}
    <div class="charts map">${layouts.map((layout) => chart(evaluation, layout, views))}</div>`;
}

function legend(evaluation: Evaluation, views: readonly ExampleView[]): Html | undefined {
  if (evaluation.task === "regression") return undefined;
  const found = new Set(views.map(({ label }) => label));
  return html`<ul class="classes">
    ${namesOf(evaluation).map(
      (name, label) => found.has(label) && html`<li><i style="--tone:${colorOf(label)}"></i>${name}</li>`,
    )}
  </ul>`;
}

/** The colour of a class; of a regression, one for all. */
export function colorOf(label: number): string {
  return COLORS[(label + COLORS.length) % COLORS.length];
}

function chart(evaluation: Evaluation, layout: EmbeddingLayout, views: readonly ExampleView[]): Html {
  const { x, y } = axesOf(layout, views.length);
  return html`<figure class="chart">
    <figcaption><b>${layout.title}</b> <span class="note">${layout.note}</span></figcaption>
    ${plot({
      x,
      y,
      description: `${layout.title} of ${views.length} examples`,
      drawing: drawingOrder(evaluation, views).map((i) => {
        const { key, result, verdict, label } = views[i];
        const place = [x.position(layout.places[2 * i]), y.position(layout.places[2 * i + 1])] as const;
        const path = dotPath([place]);
        return html`<a
          href="#example-${key}"
          data-example="example-${key}"
          data-title="${result.id}"
          aria-label="${result.id}: ${verdict}"
          >${isMistake(evaluation, views[i]) && html`<path class="ring" d="${path}" />`}<path
            class="point"
            style="--tone:${colorOf(label)}"
            d="${path}"
            ><title>${result.id}: ${verdict}</title></path
          ></a
        >`;
      }),
    })}
  </figure>`;
}

/** In a regression nothing is right or wrong. */
export function isMistake({ task }: Evaluation, { isWrong }: ExampleView): boolean {
  return task !== "regression" && isWrong;
}

/** Mistakes last, so that they lie on top. */
export function drawingOrder(evaluation: Evaluation, views: readonly ExampleView[]): number[] {
  const rank = (i: number) => Number(isMistake(evaluation, views[i]));
  return [...views.keys()].sort((a, b) => rank(a) - rank(b) || a - b);
}

export function axesOf({ places }: EmbeddingLayout, count: number): { readonly x: Axis; readonly y: Axis } {
  const axis = (first: 0 | 1) =>
    linearAxis("", rangeOf(Array.from({ length: count }, (_, i) => places[2 * i + first])), 5);
  return { x: axis(0), y: axis(1) };
}
